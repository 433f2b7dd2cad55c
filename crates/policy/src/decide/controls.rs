use super::Denial;
use super::judged::Judged;
use super::policies::{Level, Policies, PolicyType};
use crate::evaluate::Asked;

/// What the organisations of caller and resource say.
#[derive(Debug, Clone, Copy)]
pub(super) struct Controls<'a> {
    of_resource: Control<'a>,
    of_caller: Control<'a>,
}

/// What the levels of one organisation say together.
#[derive(Debug, Clone, Copy)]
struct Control<'a> {
    denying: Option<Judged<'a>>,
    allows: bool,
}

impl<'a> Controls<'a> {
    pub(super) fn new(asked: &Asked<'_>, policies: &Policies<'a>) -> Self {
        Self {
            of_resource: Control::new(policies.resource_control, asked),
            of_caller: match asked.caller.principal() {
                Some(_) => Control::new(policies.service_control, asked),
                // Service control policies bind the principals of their accounts, and nobody else.
                None => Control::new(&[], asked),
            },
        }
    }

    pub(super) fn denial(&self) -> Option<Denial<'a>> {
        let denial =
            |control: Control<'a>, by| control.denying.and_then(|judged| judged.denial(by));
        denial(self.of_resource, PolicyType::ResourceControl)
            .or_else(|| denial(self.of_caller, PolicyType::ServiceControl))
    }

    pub(super) fn lacking(&self) -> Option<Denial<'a>> {
        let lacking = |control: Control<'a>, by| (!control.allows).then(|| Denial::implicit(by));
        lacking(self.of_resource, PolicyType::ResourceControl)
            .or_else(|| lacking(self.of_caller, PolicyType::ServiceControl))
    }
}

impl<'a> Control<'a> {
    fn new(levels: &[Level<'a>], asked: &Asked<'_>) -> Self {
        let mut control = Self { denying: None, allows: true };
        for level in levels {
            match Judged::union(level, asked) {
                Some(judged) if judged.verdict.denied_by.is_some() => {
                    return Self { denying: Some(judged), allows: false };
                }
                Some(_) => {}
                None => control.allows = false,
            }
        }
        control
    }
}
