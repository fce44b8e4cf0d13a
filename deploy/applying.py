"""From a checkout and an account to a running deployment, in steps that can each be repeated.

    rest ─▶ pack ─▶ prepare (bucket, registries) ─▶ upload ─▶ build ─▶ token ─▶ update ─▶ check

Nothing is remembered on this machine: every step looks at AWS first and does only what is missing,
so an interrupted run is finished by the next one, and a second run changes nothing.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from deploy import checking
from deploy.artifacts import Archives, archives
from deploy.aws.account import Account
from deploy.aws.images import Source
from deploy.aws.stack_facts import Change, Stack
from deploy.preparing import with_missing
from deploy.progress import Progress
from deploy.refusals import BuildFailed, StackFailed
from deploy.settling import at_rest
from deploy.stack.building import images
from deploy.stack.options import Options
from deploy.stack.template import base_of, parameters, template, text
from deploy.updating import Clock, Update


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operator is asked while a deployment is made.

    Attributes:
        token: gives the token of the bot, when its secret is still empty.
        agreed: whether these changes, which end something that holds data, are wanted.
    """

    token: Callable[[], str]
    agreed: Callable[[list[Change]], bool]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it.

    Attributes:
        changed: whether the stack was changed at all.
        apart: largest relative difference between the endpoint and this machine.
        outputs: of the stack.
    """

    changed: bool
    apart: float
    outputs: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment: where, what, and who is told and asked.

    Attributes:
        options: without uploads; those follow from the files.
        now: aware; names change sets.
    """

    account: Account
    options: Options
    progress: Progress
    asked: Asked
    now: Clock

    def apply(self, artifact: Path, root: Path) -> Applied:
        """Deploy the artifact and the source under `root`.

        Raises:
            Refused: it could not be done; the stack is then as it was before.
            CannotBeDone: the artifact is none.
        """
        packed = archives(artifact, self.options.serving, root)
        wanted = replace(self.options, uploads=packed.uploads)
        standing = self._prepared(at_rest(self.account, wanted.name, self.progress), wanted)
        self._uploaded(standing.outputs["Bucket"], packed)
        self._built(standing.outputs, wanted)
        self._token_written(standing.outputs)
        updated = self._update.to(text(wanted), parameters(wanted), exists=True)
        ended = updated or standing
        return Applied(updated is not None, self._checked(ended, artifact), ended.outputs)

    @property
    def _update(self) -> Update:
        return Update(self.account, self.options.name, self.progress, self.asked.agreed, self.now)

    def _prepared(self, stack: Stack | None, wanted: Options) -> Stack:
        """Make what uploads and builds need, beside whatever stands already."""
        base = base_of(wanted)
        standing = self.account.stacks.template(stack.name) if stack else {}
        merged = with_missing(standing, template(base))
        if stack and merged is None:
            return stack
        self.progress.step("preparing the bucket and what builds the images")
        given: dict[str, str | None] = dict.fromkeys(standing.get("Parameters", {}))
        body = json.dumps(merged, ensure_ascii=False, separators=(",", ":"))
        made = self._update.to(body, given | parameters(base), exists=stack is not None)
        if made is None:
            raise StackFailed("CloudFormation sees nothing to prepare, though something is missing")
        return made

    def _uploaded(self, bucket: str, packed: Archives) -> None:
        uploads = packed.uploads
        for key, archive in (
            (uploads.artifact_key, packed.artifact),
            (uploads.source_key, packed.source),
        ):
            if not self.account.buckets.holds(bucket, key):
                self.progress.step(f"uploading {key} ({len(archive.content):,} bytes)")
                self.account.buckets.upload(bucket, key, archive.content, archive.noted)

    def _built(self, outputs: Mapping[str, str], wanted: Options) -> None:
        uploads = wanted.uploads
        source = Source(outputs["Bucket"], uploads.source_key, uploads.image_tag)
        for image in images(wanted):
            repository = repository_name(outputs[f"{image.word}Repository"])
            if self.account.images.holds(repository, source.tag):
                continue
            self.progress.step(f"building {repository}:{source.tag}; this takes minutes")
            project = outputs[f"{image.word}Build"]
            self.account.images.build(project, source, self._phase)
            if not self.account.images.holds(repository, source.tag):
                raise BuildFailed(f"the build succeeded but left no {repository}:{source.tag}")

    def _phase(self, phase: str) -> None:
        self.progress.step(f"  build: {phase.lower().replace('_', ' ')}")

    def _token_written(self, outputs: Mapping[str, str]) -> None:
        """Without its token the bot does not start, and that would fail the update."""
        secret = outputs.get("TokenSecret")
        if secret and self.account.secrets.empty(secret):
            self.account.secrets.fill(secret, self.asked.token())
            self.progress.step("the bot's token is in Secrets Manager now")

    def _checked(self, stack: Stack, artifact: Path) -> float:
        window = checking.one_window()
        endpoint = stack.outputs["EndpointName"]
        self.progress.step(f"asking {endpoint} for a forecast")
        answer = self.account.endpoints.invoke(endpoint, checking.request(window))
        return checking.compared(answer, checking.expected(artifact, window))


def repository_name(uri: str) -> str:
    """123.dkr.ecr.sa-east-1.amazonaws.com/fechamento/serving is fechamento/serving."""
    return uri.partition("/")[2]
