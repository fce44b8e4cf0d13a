"""What compose.yaml promises, read off the file: there is no Docker where these tests run."""

import re
from typing import Any

import pytest
import yaml

from bot.settings import Settings
from deploy.local.__main__ import _parser as options_of_local
from tests.deploy.containers.containerfile import FOLDER, ROOT, last, stages

TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(TEXT)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
BY_SERVICE = pytest.mark.parametrize("name", SERVICES)


def images(name: str) -> str:
    """Word of the container file that the service is built from; empty for a foreign image."""
    file = SERVICES[name].get("build", {}).get("dockerfile", "")
    return str(file).rpartition("/")[2].removesuffix(".Containerfile")


def test_bot_serving_route_and_database_are_there() -> None:
    """The whole path of a forecast, with the state that outlives it."""
    assert list(SERVICES) == ["serving", "route", "bot", "database"]


@BY_SERVICE
def test_every_root_is_read_only_and_no_right_is_left(name: str) -> None:
    """Whoever gets into one of them can change nothing and become nobody else."""
    service = SERVICES[name]

    assert (service["read_only"], service["cap_drop"], service["security_opt"]) == (
        True,
        ["ALL"],
        ["no-new-privileges:true"],
    )


@BY_SERVICE
def test_nobody_is_root(name: str) -> None:
    """Our images say so themselves; PostgreSQL's starts as root unless it is told."""
    user = SERVICES[name].get("user")
    if built := images(name):
        user = last(stages(FOLDER / f"{built}.Containerfile")[-1], "USER").text

    assert user not in {None, "root", "0"}


@BY_SERVICE
def test_every_service_says_whether_it_is_well(name: str) -> None:
    """Others wait for it, and `docker compose ps` shows it."""
    check = SERVICES[name].get("healthcheck", {}).get("test", [])
    if not check:
        final = stages(FOLDER / f"{images(name)}.Containerfile")[-1]
        check = [last(final, "HEALTHCHECK").text]

    assert check
    assert check[0] != "CMD-SHELL"


@BY_SERVICE
def test_a_foreign_image_is_named_by_its_hash(name: str) -> None:
    """A tag moves; so would the database's version under its rows."""
    image = SERVICES[name]["image"]

    assert images(name) or re.fullmatch(r"\S+:[\w.-]+@sha256:[0-9a-f]{64}", image)


@BY_SERVICE
def test_what_a_service_waits_for_exists_and_is_well(name: str) -> None:
    """Started is not ready: the bot would complain about a database that is coming up."""
    waited = SERVICES[name].get("depends_on", {})

    assert set(waited) <= set(SERVICES)
    assert all(one == {"condition": "service_healthy"} for one in waited.values())


@BY_SERVICE
def test_volumes_and_networks_are_declared(name: str) -> None:
    """A mistyped volume would be a new one, empty."""
    named = [one.split(":")[0] for one in SERVICES[name].get("volumes", [])]

    assert {one for one in named if not one.startswith("./")} <= set(COMPOSE["volumes"])
    assert set(SERVICES[name].get("networks", [])) <= set(COMPOSE["networks"])


def test_only_the_bot_s_port_is_open_and_only_to_this_machine() -> None:
    """Docker's ports go past the host's firewall."""
    ports = {name: one["ports"] for name, one in SERVICES.items() if "ports" in one}

    assert ports == {"route": ["127.0.0.1:${HTTP_PORT:-8080}:8080"]}


def test_database_and_model_reach_nothing_outside() -> None:
    """Neither has anything to fetch."""
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert (SERVICES["serving"]["networks"], SERVICES["database"]["networks"]) == (
        ["inside"],
        ["inside"],
    )


def test_secrets_come_from_the_environment_and_are_asked_for() -> None:
    """Without one it does not start, and says which and where to write it."""
    wanted = re.findall(r"\$\{(\w+):\?([^}]+)\}", TEXT)

    assert {name for name, _ in wanted} == {"TELEGRAM_TOKEN", "POSTGRES_PASSWORD"}
    assert all(".env" in told for _, told in wanted)


def test_the_bot_is_given_settings_that_exist() -> None:
    """A setting that was renamed would be ignored without a word."""
    ours = {name for name in SERVICES["bot"]["environment"] if not name.startswith("AWS_")}

    assert ours <= {name.upper() for name in Settings.model_fields}


def test_the_bot_asks_the_route_that_stands_in_its_network() -> None:
    """The route listens on the loopback alone, as on a laptop."""
    bot, route = SERVICES["bot"], SERVICES["route"]
    options = options_of_local().parse_args(route["command"])

    assert bot["network_mode"] == "service:route"
    assert bot["environment"]["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] == (
        f"http://127.0.0.1:{options.runtime_port}"
    )
    assert (options.endpoint_name, options.no_chat, options.upstream) == (
        bot["environment"]["SAGEMAKER_ENDPOINT"],
        True,
        "http://serving:8080",
    )


def test_the_model_that_is_served_is_the_shipped_one_and_cannot_be_changed() -> None:
    """The same folder and the same rights as behind the endpoint."""
    assert SERVICES["serving"]["volumes"] == ["./model/shipped:/opt/ml/model:ro"]


def test_rows_and_stores_outlive_their_containers() -> None:
    """Subscriptions and the scoreboard are what nobody can make again."""
    assert SERVICES["database"]["volumes"] == ["rows:/var/lib/postgresql"]
    assert SERVICES["bot"]["volumes"] == ["stores:/var/lib/fechamento"]
