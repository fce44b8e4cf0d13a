"""Invented messages about alarms, one for each shape in which CloudWatch tells them."""

import json
from typing import Any

REGION, ACCOUNT = "sa-east-1", "111122223333"
ARN = f"arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:"
Payload = dict[str, Any]

CPU: Payload = {
    "MetricName": "CPUUtilization",
    "Namespace": "AWS/ECS",
    "StatisticType": "Statistic",
    "Statistic": "AVERAGE",
    "Unit": None,
    "Dimensions": [{"value": "fechamento", "name": "ServiceName"}],
    "Period": 300,
    "EvaluationPeriods": 3,
    "DatapointsToAlarm": 3,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 80.0,
    "TreatMissingData": "missing",
    "EvaluateLowSampleCountPercentile": "",
}


def notification(name: str, reason: str, state: str = "ALARM", **more: Any) -> Payload:
    """The JSON inside a message of SNS."""
    return {
        "AlarmName": name,
        "AlarmDescription": None,
        "AWSAccountId": ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": "2026-07-01T12:00:00.000+0000",
        "NewStateValue": state,
        "NewStateReason": reason,
        "StateChangeTime": "2026-07-29T14:42:10.123+0000",
        "Region": "South America (Sao Paulo)",
        "AlarmArn": ARN + name,
        "OldStateValue": "OK" if state == "ALARM" else "ALARM",
        "OKActions": [],
        "AlarmActions": [f"arn:aws:sns:{REGION}:{ACCOUNT}:fechamento-alarms"],
        "InsufficientDataActions": [],
        **more,
    }


def event(detail: Payload, kind: str = "CloudWatch Alarm State Change") -> Payload:
    """An event of EventBridge."""
    return {
        "version": "0",
        "id": "5a3c0c9e-3a0b-4a53-9f0e-0d0f6ad6a111",
        "detail-type": kind,
        "source": "aws.cloudwatch",
        "account": ACCOUNT,
        "time": "2026-07-29T14:42:10Z",
        "region": REGION,
        "resources": [ARN + detail["alarmName"]],
        "detail": detail,
    }


METRIC = notification(
    "critico-cpu-do-bot",
    "Threshold Crossed: 3 out of the last 3 datapoints [93.1 (29/07/26 14:37:00), 91.0 (29/07/26 "
    "14:32:00), 85.25 (29/07/26 14:27:00)] were greater than the threshold (80.0) (minimum 3 "
    "datapoints for OK -> ALARM transition).",
    AlarmDescription="O bot está sem fôlego.\nVeja o roteiro: https://exemplo.test/cpu?a=1&b=2",
    Trigger=CPU,
)

BACK = notification(
    "critico-cpu-do-bot",
    "Threshold Crossed: 1 out of the last 3 datapoints [41.5 (29/07/26 14:37:00)] was not greater "
    "than the threshold (80.0) (minimum 1 datapoint for ALARM -> OK transition).",
    "OK",
    Trigger=CPU,
)

NO_DATA = notification(
    "batimento-do-bot",
    "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were "
    "treated as [Breaching].",
    Trigger={
        "MetricName": "Batimento",
        "Namespace": "Fechamento",
        "Statistic": "SUM",
        "Unit": "Count",
        "Dimensions": [],
        "Period": 60,
        "EvaluationPeriods": 2,
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1.0,
        "TreatMissingData": "- TreatMissingData:                    breaching",
    },
)

BY_HAND = notification("critico-cpu-do-bot", "teste do plantão & <fim>", Trigger=CPU)

LATENCY = notification(
    "latencia-do-modelo",
    "Threshold Crossed: 1 datapoint [5250000.0 (29/07/26 14:41:00)] was greater than or equal to "
    "the threshold (5000000.0).",
    Trigger={
        "MetricName": "ModelLatency",
        "Namespace": "AWS/SageMaker",
        "StatisticType": "ExtendedStatistic",
        "ExtendedStatistic": "p95",
        "Unit": None,
        "Dimensions": [
            {"value": "fechamento", "name": "EndpointName"},
            {"value": "AllTraffic", "name": "VariantName"},
        ],
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 5_000_000.0,
    },
)

ERRORS: Payload = {
    "Id": "erros",
    "ReturnData": False,
    "MetricStat": {
        "Metric": {"MetricName": "Erros", "Namespace": "Fechamento", "Dimensions": []},
        "Period": 300,
        "Stat": "Sum",
    },
}
ANSWERS: Payload = {
    "Id": "respostas",
    "ReturnData": False,
    "MetricStat": {
        "Metric": {"MetricName": "Respostas", "Namespace": "Fechamento", "Dimensions": []},
        "Period": 300,
        "Stat": "Sum",
    },
}

MATH = notification(
    "aviso-taxa-de-erros",
    "Threshold Crossed: 2 out of the last 3 datapoints [0.125 (29/07/26 14:37:00), 0.0625 "
    "(29/07/26 14:32:00)] were greater than the threshold (0.05) (minimum 2 datapoints for OK -> "
    "ALARM transition).",
    Trigger={
        "Period": 300,
        "EvaluationPeriods": 3,
        "DatapointsToAlarm": 2,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0.05,
        "TreatMissingData": "notBreaching",
        "Metrics": [
            {"Id": "e1", "Expression": "erros / respostas", "Label": "Taxa", "ReturnData": True},
            ERRORS,
            ANSWERS,
        ],
    },
)

ANOMALY = notification(
    "pedidos-fora-do-comum",
    "Thresholds Crossed: 1 out of the last 1 datapoints [3.0 (29/07/26 14:37:00)] was less than "
    "the lower thresholds [12.5] or greater than the upper thresholds [48.75] (minimum 1 datapoint "
    "for OK -> ALARM transition).",
    Trigger={
        "Period": 300,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "LessThanLowerOrGreaterThanUpperThreshold",
        "ThresholdMetricId": "ad1",
        "Metrics": [
            ANSWERS | {"ReturnData": True},
            {"Id": "ad1", "Expression": "ANOMALY_DETECTION_BAND(respostas, 2)", "ReturnData": True},
        ],
    },
)

COMPOSITE = notification(
    "info-servico-degradado",
    f"{ARN}latencia-do-modelo transitioned to ALARM at Wednesday 29 July, 2026 14:42:10 UTC",
    AlarmRule=f'(ALARM("{ARN}latencia-do-modelo") OR ALARM(critico-cpu-do-bot)) '
    "AND NOT ALARM(manutencao)",
    TriggeringChildren=[
        {
            "Arn": f"{ARN}latencia-do-modelo",
            "State": {"Value": "ALARM", "Timestamp": "2026-07-29T14:42:10.100+0000"},
        }
    ],
)

INSUFFICIENT = notification(
    "critico-cpu-do-bot",
    "Insufficient Data: 3 datapoints were unknown.",
    "INSUFFICIENT_DATA",
    Trigger=CPU,
)

NEW = notification(
    "critico-cpu-do-bot", "Unchecked: Initial alarm creation", "INSUFFICIENT_DATA", Trigger=CPU
)

OLD = {
    "AlarmName": "disco-cheio",
    "AlarmDescription": "Apagar registros antigos.",
    "AWSAccountId": ACCOUNT,
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed",
    "StateChangeTime": "2026-07-29T14:42:10.123+0000",
    "Region": "South America - Sao Paulo",
    "OldStateValue": "OK",
}

EVENT = event(
    {
        "alarmName": "fila-de-alarmes",
        "configuration": {
            "description": "Mensagens à espera há muito tempo.",
            "metrics": [
                {
                    "id": "q1",
                    "returnData": True,
                    "metricStat": {
                        "metric": {
                            "namespace": "AWS/SQS",
                            "name": "ApproximateAgeOfOldestMessage",
                            "dimensions": {"QueueName": "fechamento-alarms"},
                        },
                        "period": 60,
                        "stat": "Maximum",
                    },
                }
            ],
        },
        "previousState": {"value": "OK", "timestamp": "2026-07-29T13:00:00.000+0000"},
        "state": {
            "value": "ALARM",
            "reason": "Threshold Crossed: 2 out of the last 2 datapoints [700.0 (29/07/26 "
            "14:41:00), 640.0 (29/07/26 14:40:00)] were greater than the threshold (600.0) "
            "(minimum 2 datapoints for OK -> ALARM transition).",
            "reasonData": json.dumps(
                {
                    "version": "1.0",
                    "recentDatapoints": [640.0, 700.0],
                    "threshold": 600.0,
                    "evaluatedDatapoints": [
                        {"timestamp": "2026-07-29T14:40:00.000+0000", "value": 640.0},
                        {"timestamp": "2026-07-29T14:41:00.000+0000", "value": 700.0},
                    ],
                }
            ),
            "timestamp": "2026-07-29T14:42:10.123+0000",
        },
        "alarmTags": {"severity": "critical", "equipe": "dados"},
        "alarmTagsStatus": "SUCCESS",
    }
)

CONTRIBUTOR = event(
    {
        "alarmName": "tabelas-paradas",
        "alarmContributor": {"id": "6d44", "attributes": {"TableName": "previsoes"}},
        "state": {
            "value": "ALARM",
            "reason": "Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most "
            "recent datapoint which crossed the threshold: [0.0 (29/07/26 14:41:00)].",
            "timestamp": "2026-07-29T14:42:10.123+0000",
        },
        "configuration": {
            "metrics": [
                {
                    "id": "m1",
                    "expression": 'SELECT SUM(Linhas) FROM "Fechamento" GROUP BY TableName',
                    "returnData": True,
                    "period": 60,
                }
            ]
        },
    },
    "CloudWatch Alarm Contributor State Change",
)

CONTRIBUTORS = event(
    {
        "alarmName": "tabelas-paradas",
        "state": {
            "value": "ALARM",
            "reason": "2 out of 6 time series evaluated to ALARM",
            "timestamp": "2026-07-29T14:42:10.123+0000",
        },
        "configuration": CONTRIBUTOR["detail"]["configuration"],
    }
)

LAMBDA = {
    "source": "aws.cloudwatch",
    "alarmArn": f"{ARN}servico-degradado",
    "accountId": ACCOUNT,
    "time": "2026-07-29T14:42:10.123+0000",
    "region": REGION,
    "alarmData": {
        "alarmName": "servico-degradado",
        "state": {
            "value": "ALARM",
            "reason": f"{ARN}fila transitioned to ALARM at Wednesday 29 July, 2026 14:42:10 UTC",
            "reasonData": json.dumps(
                {
                    "triggeringAlarms": [
                        {"arn": f"{ARN}fila", "state": {"value": "ALARM", "timestamp": "x"}},
                        {"arn": f"{ARN}cpu", "state": {"value": "OK"}},
                    ]
                }
            ),
            "timestamp": "2026-07-29T14:42:10.123+0000",
        },
        "previousState": {"value": "INSUFFICIENT_DATA"},
        "configuration": {"alarmRule": "ALARM(fila) OR INSUFFICIENT_DATA(cpu)"},
    },
}

ROW = {
    "AlarmName": "fila-longa",
    "AlarmArn": f"{ARN}fila-longa",
    "ActionsEnabled": True,
    "StateValue": "OK",
    "StateReason": "Threshold Crossed: 1 datapoint [2.0 (29/07/26 14:41:00)] was not greater than "
    "the threshold (100.0).",
    "StateReasonData": json.dumps({"recentDatapoints": [2.0], "threshold": 100.0}),
    "StateUpdatedTimestamp": "2026-07-29 14:42:10.123000+00:00",
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Namespace": "AWS/SQS",
    "Statistic": "Maximum",
    "Dimensions": [{"Name": "QueueName", "Value": "fechamento-alarms"}],
    "Period": 60,
    "EvaluationPeriods": 1,
    "Threshold": 100.0,
    "ComparisonOperator": "GreaterThanThreshold",
}

ON_LOGS = {
    "AlarmName": "erros-no-registro",
    "NewStateValue": "ALARM",
    "NewStateReason": "Threshold Crossed: 3 out of the last 5 query results [142.0 (29/07/26 "
    "14:40:00), 135.0 (29/07/26 14:35:00), 120.0 (29/07/26 14:30:00)] were greater than the "
    "threshold (100.0) (minimum 3 datapoints for OK -> ALARM transition).",
    "NewStateReasonData": {
        "threshold": 100.0,
        "results": [
            {"timestamp": "2026-07-29T14:35:00.000+0000", "value": 135.0},
            {"timestamp": "2026-07-29T14:40:00.000+0000", "value": 142.0},
        ],
    },
    "StateChangeTime": "2026-07-29T14:42:10.123+0000",
    "OldStateValue": "OK",
    "AlarmContributorAttributes": {"rota": "/fechamento/hoje"},
}

SCENES: dict[str, Payload] = {
    "metrica": METRIC,
    "de-volta": BACK,
    "sem-dados": NO_DATA,
    "a-mao": BY_HAND,
    "latencia": LATENCY,
    "calculo": MATH,
    "anomalia": ANOMALY,
    "composto": COMPOSITE,
    "dados-insuficientes": INSUFFICIENT,
    "recem-criado": NEW,
    "antigo": OLD,
    "evento": EVENT,
    "serie": CONTRIBUTOR,
    "series": CONTRIBUTORS,
    "acao": LAMBDA,
    "linha-da-api": ROW,
    "registro": ON_LOGS,
}

TEXTS: dict[str, tuple[str, str | None]] = {
    "texto": ("Cópia terminada.\n3 arquivos & 2 avisos", "Cópia <diária>"),
    "texto-sem-assunto": ("Tudo bem por aqui.", None),
    "texto-vazio": ("", None),
    "texto-json": (
        json.dumps({"source": "aws.glue", "detail": {"estado": "FAILED", "tarefa": "noite"}}),
        "Tarefa",
    ),
}
"""Messages that are no alarms: body and subject."""
