"""From the text of a message to an alarm, whatever shape CloudWatch chose for it.

    notification of SNS          {"AlarmName", "NewStateValue", "Trigger" | "AlarmRule", …}
    event of EventBridge         {"detail-type": "CloudWatch Alarm State Change", "detail": {…}}
    action that calls Lambda     {"alarmArn", "alarmData": {…}}
    row of DescribeAlarms        {"AlarmName", "StateValue", …}

Nothing in it is trusted to be there, or to be what it should be.  A message that is none of these
is a `Text`; so is an alarm's change of configuration.
"""

from bot.domain.alarms.alarm import Alarm, State, Text
from bot.domain.alarms.arns import AlarmArn, is_region, parse_arn
from bot.domain.alarms.condition_reading import read_composite, read_condition
from bot.domain.alarms.conditions import Condition
from bot.domain.alarms.evidence_reading import read_evidence, read_rule
from bot.domain.alarms.fields import Fields, as_text, parsed

_EVENTS = ("CloudWatch Alarm State Change", "CloudWatch Alarm Contributor State Change")
_ACTIONS = {
    State.ALARM: "alarmactions",
    State.OK: "okactions",
    State.INSUFFICIENT_DATA: "insufficientdataactions",
}


def read(message: str, subject: str | None) -> Alarm | Text:
    """Read a message; `subject` is the one it was published with, if it was."""
    fields = Fields(parsed(message))
    if fields.text("detail-type") in _EVENTS:
        return _from_event(fields)
    if fields.inner("alarmdata"):
        return _from_action(fields)
    if fields.text("alarmname", "alarmarn") or fields.text("newstatevalue"):
        return _from_notification(fields)
    return Text(as_text(subject), as_text(message) or "")


def _from_event(event: Fields) -> Alarm:
    resources = event.texts("resources")
    return _from_change(event, event.inner("detail"), resources[0] if resources else None)


def _from_action(action: Fields) -> Alarm:
    return _from_change(action, action.inner("alarmdata"), action.text("alarmarn"))


def _from_change(outer: Fields, change: Fields, arn_text: str | None) -> Alarm:
    """Events and actions tell a change in the same words."""
    state, configuration = change.inner("state"), change.inner("configuration")
    arn, reason, details = parse_arn(arn_text), state.text("reason"), state.inner("reasondata")
    name = change.text("alarmname") or (arn.name if arn else "")
    return Alarm(
        name=name,
        state=_state(state.text("value")) or "",
        previous=_state(change.inner("previousstate").text("value")),
        reason=reason,
        since=state.moment("timestamp") or outer.moment("time"),
        arn=arn_text,
        account=outer.text("account", "accountid") or (arn.account if arn else None),
        region=_region(arn, outer.text("region")),
        condition=_condition(configuration, configuration, reason, details),
        evidence=read_evidence(reason, details),
        description=configuration.text("description"),
        actions=_actions(configuration, state.text("value")),
        tags=change.pairs("alarmtags") or outer.pairs("alarmtags"),
        contributor=change.inner("alarmcontributor").pairs("attributes"),
    )


def _from_notification(fields: Fields) -> Alarm:
    """Notifications and rows have the same keys, and others for the state."""
    arn_text = fields.text("alarmarn")
    arn, state = parse_arn(arn_text), fields.text("newstatevalue", "statevalue")
    reason = fields.text("newstatereason", "statereason")
    details = fields.inner("newstatereasondata", "statereasondata")
    return Alarm(
        name=fields.text("alarmname") or (arn.name if arn else ""),
        state=_state(state) or "",
        previous=_state(fields.text("oldstatevalue")),
        reason=reason,
        since=fields.moment(
            "statechangetime", "statetransitionedtimestamp", "stateupdatedtimestamp"
        ),
        arn=arn_text,
        account=fields.text("awsaccountid") or (arn.account if arn else None),
        region=_region(arn, fields.text("region")),
        condition=_condition(fields, fields.inner("trigger") or fields, reason, details),
        evidence=read_evidence(reason, details),
        description=fields.text("alarmdescription"),
        actions=_actions(fields, state),
        tags=fields.pairs("alarmtags"),
        contributor=fields.pairs("alarmcontributorattributes"),
    )


def _condition(
    alarm: Fields, source: Fields, reason: str | None, details: Fields
) -> Condition | None:
    rule = alarm.text("alarmrule")
    children = alarm.rows("triggeringchildren") or details.rows("triggeringalarms")
    if rule or children:
        return read_composite(rule, children)
    return read_condition(source, read_rule(reason, details), read_evidence(reason, details))


def _state(text: str | None) -> str | None:
    """One of the three, in any case; any other word as it stands."""
    return State(text.upper()) if text and text.upper() in set(State) else text


def _region(arn: AlarmArn | None, written: str | None) -> str | None:
    """The code in the ARN: `Region` of a notification is a name such as `EU (Ireland)`."""
    return arn.region if arn and is_region(arn.region) else written


def _actions(fields: Fields, state: str | None) -> tuple[str, ...]:
    known = _state(state)
    return fields.texts(_ACTIONS[known]) if isinstance(known, State) else ()
