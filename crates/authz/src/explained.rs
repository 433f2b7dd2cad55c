use std::fmt;

use daypass_policy::{Denial, Outcome, Policies, PolicyType, Report, Request};
use serde::Serialize;

use crate::Decided;
use crate::own_side::OwnSide;
use crate::targets::Target;

/// Who is told of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Whoever may see all of the deployment.
    Everyone,
    /// The caller's account: what the policies of others say is left out.
    CallersAccount,
}

/// How a call was decided, to be read as text or as JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Explained {
    /// The decision that refused the call, or all those that allowed it.
    pub decisions: Vec<Report>,
    /// What has to be said before them, such as that something is left out: sentences.
    pub notes: Vec<String>,
}

impl Decided {
    /// Tells why.
    pub(crate) fn explain(&self, audience: Audience) -> Explained {
        let mut explained = Explained::default();
        if self.is_allowed() && self.questions().is_empty() {
            explained.note("The call needs no permission.".to_owned());
        }
        for target in self.questions() {
            if target.granted {
                explained.note(format!(
                    "By a setting of the account, IAM itself allows users {} where no policy denies it.",
                    target.action()
                ));
            }
            match audience {
                Audience::Everyone => self.tell(target, &mut explained),
                Audience::CallersAccount => self.tell_account(target, &mut explained),
            }
        }
        explained
    }

    fn tell(&self, target: &Target, explained: &mut Explained) {
        match self.ask(target, Report::new) {
            Ok(report) => explained.decisions.push(report),
            Err(denial) => explained.note(undecided(target, denial)),
        }
    }

    fn tell_account(&self, target: &Target, explained: &mut Explained) {
        let side = OwnSide::of(self.account(), target);
        let told = self.ask(&side.target(target), |request, policies| {
            side.of_question(request, policies, report)
        });
        match told {
            Ok((report, false)) => explained.decisions.push(report),
            Ok((mut report, true)) => {
                if report.decision == Outcome::Allowed {
                    // Nobody wants to know how to have it denied that is denied already.
                    report.change.clear();
                }
                explained.decisions.push(report);
                explained.note(format!(
                    "This is how the policies of account {} alone decide: those of other accounts \
                     are left out, and what is known of their resources.",
                    self.account()
                ));
            }
            Err(denial) if side.may_know_type(denial.by) => {
                explained.note(undecided(target, denial));
            }
            Err(_) => explained.note(
                "A policy of another account cannot be understood, so nothing is allowed."
                    .to_owned(),
            ),
        }
    }
}

impl Explained {
    fn note(&mut self, text: String) {
        if !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }
}

impl fmt::Display for Explained {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let notes = self.notes.iter().map(|note| format!("{note}\n"));
        let decisions = self.decisions.iter().map(ToString::to_string);
        for (index, part) in notes.chain(decisions).enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            f.write_str(&part)?;
        }
        Ok(())
    }
}

fn report(request: &Request<'_>, policies: &Policies<'_>, left_out: bool) -> (Report, bool) {
    (Report::new(request, policies), left_out)
}

/// Why there was nothing to decide.
fn undecided(target: &Target, denial: Denial<'_>) -> String {
    let (kind, resource) = (denial.by.name(), &target.resource);
    match (denial.by, &target.resource_policy) {
        (PolicyType::Trust, Some(policy)) if policy.policy.is_none() => format!(
            "There is no role {resource}, or its {kind} cannot be understood, so nobody may assume \
             it."
        ),
        _ => {
            format!("A {kind} cannot be understood. It might deny anything, so nothing is allowed.")
        }
    }
}
