/// How a service words the refusal of a value that breaks a constraint of the model. AWS's services
/// differ in it, as recorded from their answers in 2026.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintTexts {
    /// With the value and with the words of an enumeration, as STS does:
    /// `Value 'a b' at 'roleSessionName' failed …`, `… enum value set: [Active, Inactive]`.
    WithValues,
    /// Without either, as IAM does: `Value at 'versionId' failed …`, `… enum value set`. A member
    /// that is missing is still `Value null`: there is no value to leave out.
    WithoutValues,
}
