"""Alarms about the model: does it answer, in time, and better than no model at all.

Thresholds say where they come from.
"""

from deploy.stack import metrics
from deploy.stack.alarms import (
    ABOVE,
    AT_LEAST,
    CRITICAL,
    MISSING_CHANGES_NOTHING,
    WARNING,
    Alarm,
)
from deploy.stack.endpoint import PER_INSTANCE_A_MINUTE
from deploy.stack.metrics import Series
from deploy.stack.options import Options, Serverless

_MINUTE, _DAY = 60, 86_400
_SLOW_MICROSECONDS = 1_000_000
"""A second: the serving process answers in under a millisecond, so anything near this is wrong.  A
serverless cold start is not counted here but in OverheadLatency."""
_NEARLY_ALL_AT_ONCE = 0.8


def errors(options: Options) -> Alarm:
    """Calls that the model refused or did not answer."""
    names = ["Invocation4XXErrors", "Invocation5XXErrors"]
    formula = "FILL(m0, 0) + FILL(m1, 0)"
    if not isinstance(options.endpoint, Serverless):
        # Also counts answers that never came; serverless endpoints do not publish it.
        names.append("InvocationModelErrors")
        formula = f"MAX([{formula}, FILL(m2, 0)])"
    return Alarm(
        slug="erros-do-modelo",
        severity=CRITICAL,
        about_bot=False,
        says="O modelo recusou ou não respondeu chamadas em dois de três períodos de 5 minutos. "
        "Veja o log do endpoint; se começou com uma atualização, aplique a versão anterior.",
        watched=tuple(
            (f"m{at}", Series(metrics.invocations(options, name), "Sum"))
            for at, name in enumerate(names)
        ),
        formula=formula,
        comparison=AT_LEAST,
        threshold=1,
        seconds=5 * _MINUTE,
        needed=2,
        periods=3,
    )


def latency(options: Options) -> Alarm:
    """A slow model."""
    return Alarm(
        slug="modelo-lento",
        severity=WARNING,
        about_bot=False,
        says="Uma em vinte previsões levou mais de 1 segundo no modelo, por 15 minutos. "
        "Veja memória e chamadas simultâneas no painel; aumente a memória ou as máquinas.",
        watched=(("m", Series(metrics.invocations(options, "ModelLatency"), "p95")),),
        comparison=ABOVE,
        threshold=_SLOW_MICROSECONDS,
        seconds=5 * _MINUTE,
        needed=3,
        periods=3,
    )


def no_room(options: Options) -> Alarm:
    """Nearly as much as AWS lets through; what is throttled is not counted by either kind."""
    if isinstance(options.endpoint, Serverless):
        used, statistic = "ServerlessConcurrentExecutionsUtilization", "Maximum"
        limit = _NEARLY_ALL_AT_ONCE
        todo = "Aumente a concorrência máxima do endpoint."
    else:
        used, statistic = "InvocationsPerInstance", "Sum"
        limit = 2 * PER_INSTANCE_A_MINUTE
        todo = "Aumente o número máximo de máquinas do endpoint."
    return Alarm(
        slug="modelo-sem-folga",
        severity=WARNING,
        about_bot=False,
        says=f"O modelo está perto do limite; acima dele a AWS recusa chamadas. {todo}",
        watched=(("m", Series(metrics.invocations(options, used), statistic)),),
        comparison=AT_LEAST,
        threshold=limit,
        seconds=_MINUTE,
        needed=3,
        periods=5,
    )


def worse_than_naive(options: Options) -> Alarm:
    """A model that should not be served."""
    return Alarm(
        slug="pior-que-o-ingenuo",
        severity=WARNING,
        about_bot=False,
        says="Nos últimos 20 pregões o modelo errou mais do que repetir o fechamento anterior. "
        "Veja /placar; treine um desafiante e publique-o só se ganhar.",
        watched=(
            ("model", Series(metrics.own(options, "ForecastError"), "Average")),
            ("naive", Series(metrics.own(options, "NaiveError"), "Average")),
        ),
        formula="model / naive",
        comparison=ABOVE,
        threshold=1,
        # Each value covers 20 sessions; three of them, as the quotient may waver about 1.
        seconds=_DAY,
        needed=3,
        periods=7,
        missing=MISSING_CHANGES_NOTHING,
    )
