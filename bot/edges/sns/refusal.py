"""The one error of this package."""


class MessageRefused(Exception):
    """A message was not shown to be a genuine one of an allowed topic.

    Attributes:
        reason: one English phrase for the log; never repeats what the message says.
        retry: the message could not be judged now and may turn out genuine later, as when the
            certificate cannot be fetched.  Answer 5xx then, so that SNS sends it again, and 4xx
            otherwise.
    """

    def __init__(self, reason: str, *, retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retry = retry
