//! The event of a call, in CloudTrail's form, and where it goes.
