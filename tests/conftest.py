"""What holds for all tests."""

from hypothesis import settings

# A busy machine is no failure, so nothing is timed; the same examples every time, so that a red
# test is red for everybody.
settings.register_profile("fechamento", deadline=None, derandomize=True)
settings.load_profile("fechamento")
