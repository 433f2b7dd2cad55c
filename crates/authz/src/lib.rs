//! Which policies apply to a call, and may it run.
