//! A partner's request for access, from asking to the session that it gets.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::Walk;
use super::policies::{document, joined};
use crate::conformance::call::{Keys, Who};
use crate::conformance::{expect, http};

impl Walk {
    pub(super) fn delegation(&mut self) -> Result<()> {
        let (partner, carol) = (Keys::long_term(PARTNER, "test"), self.carol()?);
        let template = json!({"Effect": "Allow", "Action": "iam:GetUser",
            "Resource": "arn:aws:iam::*:user/@{userName}"});
        let template = json!({"PolicyName": "look", "PolicyDocument": document(template)});
        let template = self.answered(&partner, "iam", "CreatePolicy", template)?;
        let template = expect::text(&template, "/Policy/Arn")?;

        let unwanted = self.ask(&partner, template, "look-1")?;
        let wanted = self.ask(&partner, template, "look-2")?;
        let (no, yes) =
            (json!({"DelegationRequestId": unwanted}), json!({"DelegationRequestId": wanted}));
        let asked = self.answered(&carol, "iam", "GetDelegationRequest", yes.clone())?;
        expect::equal("State", expect::text(&asked, "/DelegationRequest/State")?, "UNASSIGNED")?;
        let (own, _) = CAROL.split_once(":user/").unwrap_or_default();
        let summary =
            json!({"EntityArn": format!("{own}:delegation-request/{wanted}"), "Locale": "en"});
        let summary = self.answered(&carol, "iam", "GetHumanReadableSummary", summary)?;
        expect::equal("SummaryState", expect::text(&summary, "/SummaryState")?, "AVAILABLE")?;
        let handed_on = joined(&yes, &json!({"Notes": "for whoever may"}));
        for (operation, request) in [
            ("AssociateDelegationRequest", &no),
            ("RejectDelegationRequest", &no),
            ("AssociateDelegationRequest", &yes),
            ("UpdateDelegationRequest", &handed_on),
            ("AcceptDelegationRequest", &yes),
            ("SendDelegationToken", &yes),
        ] {
            self.answered(&carol, "iam", operation, request.clone())?;
        }
        let listed = self.answered(&carol, "iam", "ListDelegationRequests", json!({}))?;
        expect::equal("State", state(&listed, &unwanted)?, "REJECTED")?;
        expect::equal("State", state(&listed, &wanted)?, "FINALIZED")?;

        let target = format!("/_daypass/delegation-requests/{wanted}");
        let told: Value = serde_json::from_str(&http::get(self.address(), &target)?.accepted()?)?;
        let token = json!({"TradeInToken": expect::text(&told, "/tradeInToken")?});
        let given = self.answered(&partner, "sts", "GetDelegatedAccessToken", token)?;
        expect::equal("AssumedPrincipal", expect::text(&given, "/AssumedPrincipal")?, CAROL)?;
        let session = expect::keys(&given, "/Credentials", "ASIA")?;
        let told = expect::answer(self.identity(&session)?)?;
        expect::equal("Arn", expect::text(&told, "/Arn")?, CAROL)?;

        self.answered(&session, "iam", "GetUser", json!({"UserName": "alice"}))?;
        let refused =
            self.call(Who::Keys(&session), "iam", "GetUser", json!({"UserName": "bob"}))?;
        let message = format!(
            "User: {CAROL} is not authorized to perform: iam:GetUser on resource: user bob because no session policy \
             allows the iam:GetUser action"
        );
        expect::refusal(refused, "AccessDenied", 403, &message)?;
        self.answered(&partner, "iam", "DeletePolicy", json!({"PolicyArn": template})).map(drop)
    }

    /// Asks for the right to look at one user. Answers the id of the request.
    fn ask(&mut self, partner: &Keys, template: &str, workflow: &str) -> Result<String> {
        let parameters = json!([{"Name": "userName", "Values": ["alice"], "Type": "string"}]);
        let request = json!({
            "Description": "Looks at a user.",
            "Permissions": {"PolicyTemplateArn": template, "Parameters": parameters},
            "RequestorWorkflowId": workflow,
            "NotificationChannel": "arn:aws:sns:us-east-1:444455556666:delegation",
            "SessionDuration": 900,
        });
        let made = self.answered(partner, "iam", "CreateDelegationRequest", request)?;
        Ok(expect::text(&made, "/DelegationRequestId")?.to_owned())
    }
}

/// The state of one of the requests.
fn state<'a>(listed: &'a Value, id: &str) -> Result<&'a str> {
    let requests = listed.pointer("/DelegationRequests").and_then(Value::as_array);
    let is_it = |one: &&Value| one.get("DelegationRequestId").and_then(Value::as_str) == Some(id);
    let request = requests.into_iter().flatten().find(is_it);
    expect::text(request.with_context(|| format!("{id} is not in {listed}"))?, "/State")
}

const PARTNER: &str = "444455556666";
const CAROL: &str = "arn:aws:iam::000000000000:user/carol";
