"""Examine the environment and say what to do about what is wrong: `course doctor`, or `python -m helpers.doctor`.

Nothing outside the standard library is imported before the check that needs it, so that a broken environment is
reported instead of breaking the doctor.
"""
