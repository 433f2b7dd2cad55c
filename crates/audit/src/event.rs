use std::net::IpAddr;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{AccountId, IdGen, RequestId};
use serde::ser::{Error as _, SerializeMap as _};
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::Identity;
use crate::redacted::Redacted;

/// One call of an operation, or somebody's signing in (AWS CloudTrail User Guide, "CloudTrail record
/// contents").
///
/// As JSON it is a management event of CloudTrail's version 1.11.
#[derive(Debug, Clone)]
pub struct Event<'a> {
    /// What it tells of.
    pub kind: EventKind<'a>,
    /// Who called (`userIdentity`).
    pub identity: Identity<'a>,
    /// When the call was answered; CloudTrail keeps whole seconds.
    pub time: DateTime,
    /// The service, such as `sts.amazonaws.com`.
    pub source: &'a str,
    /// The operation, such as `AssumeRole`, or `ConsoleLogin`.
    pub name: &'a str,
    /// The region: IAM's is always `us-east-1`, STS's that of the endpoint.
    pub region: &'a str,
    /// The address that the call came from.
    pub source_ip: IpAddr,
    /// What the client says it is.
    pub user_agent: Option<&'a str>,
    /// Why the call failed; `None` when it did not.
    pub error: Option<EventError<'a>>,
    /// The call's parameters, named in CloudTrail's camel case; `None` is written as `null`.
    /// Members that hold secrets are left out when the event is written.
    pub request_parameters: Option<&'a Value>,
    /// What the call changed or issued, as `request_parameters`. Reads have none.
    pub response_elements: Option<&'a Value>,
    /// The event's own id.
    pub id: EventId,
    /// Whether the operation changes nothing. CloudTrail counts STS's operations as reads.
    pub read_only: bool,
    /// The account that the event belongs to; `None` when the caller is unknown.
    pub recipient: Option<AccountId>,
}

impl Serialize for Event<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("eventVersion", EVENT_VERSION)?;
        map.serialize_entry("userIdentity", &self.identity)?;
        map.serialize_entry("eventTime", &time_text(self.time).map_err(S::Error::custom)?)?;
        map.serialize_entry("eventSource", self.source)?;
        map.serialize_entry("eventName", self.name)?;
        map.serialize_entry("awsRegion", self.region)?;
        map.serialize_entry("sourceIPAddress", &self.source_ip)?;
        if let Some(user_agent) = self.user_agent {
            map.serialize_entry("userAgent", user_agent)?;
        }
        if let Some(error) = &self.error {
            if let Some(code) = error.code {
                map.serialize_entry("errorCode", code)?;
            }
            map.serialize_entry("errorMessage", error.message)?;
        }
        map.serialize_entry("requestParameters", &self.request_parameters.map(Redacted))?;
        map.serialize_entry("responseElements", &self.response_elements.map(Redacted))?;
        let kind = match self.kind {
            EventKind::ApiCall { request_id } => {
                map.serialize_entry("requestID", &request_id.to_string())?;
                "AwsApiCall"
            }
            EventKind::SignIn { additional } => {
                map.serialize_entry("additionalEventData", &Redacted(additional))?;
                "AwsConsoleSignIn"
            }
        };
        map.serialize_entry("eventID", &self.id.0.to_string())?;
        map.serialize_entry("readOnly", &self.read_only)?;
        map.serialize_entry("eventType", kind)?;
        map.serialize_entry("managementEvent", &true)?;
        if let Some(account) = self.recipient {
            map.serialize_entry("recipientAccountId", &account)?;
        }
        map.serialize_entry("eventCategory", "Management")?;
        map.end()
    }
}

/// What an event tells of (`eventType`).
#[derive(Debug, Clone, Copy)]
pub enum EventKind<'a> {
    /// A call of an operation.
    ApiCall {
        /// The id of the request, as the answer gives it.
        request_id: RequestId,
    },
    /// Somebody signs in to the console, or tries to (AWS CloudTrail User Guide, "AWS Management
    /// Console sign-in events").
    SignIn {
        /// What else is known of it (`additionalEventData`).
        additional: &'a Value,
    },
}

/// Why a call failed, as the client was told.
#[derive(Debug, Clone, Copy)]
pub struct EventError<'a> {
    /// CloudTrail's name of the error: for IAM's own that of the exception, such as
    /// `NoSuchEntityException`, otherwise the answer's code, such as `AccessDenied`. Sign-ins have
    /// none.
    pub code: Option<&'a str>,
    /// The answer's text.
    pub message: &'a str,
}

/// The id of an event: a random UUID, never that of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventId(RequestId);

impl EventId {
    /// A fresh id.
    #[must_use]
    pub fn generate(ids: &dyn IdGen) -> Self {
        Self(RequestId::generate(ids))
    }
}

/// A time as CloudTrail writes it: in UTC, in whole seconds.
pub(crate) fn time_text(
    time: DateTime,
) -> Result<String, aws_smithy_types::date_time::DateTimeFormatError> {
    DateTime::from_secs(time.secs()).fmt(Format::DateTime)
}

/// The version of CloudTrail's record format that events follow.
const EVENT_VERSION: &str = "1.11";

#[cfg(test)]
pub(crate) mod tests {
    use std::net::Ipv4Addr;

    use daypass_ident::Principal;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_denied_call_in_full() {
        let principal = Principal::Root { account: AccountId::ZERO };
        let parameters =
            json!({"roleArn": "arn:aws:iam::000000000000:role/r", "tokenCode": "123456"});
        let mut event = sample(&principal);
        event.error = Some(EventError { code: Some("AccessDenied"), message: "no" });
        event.request_parameters = Some(&parameters);

        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            json!({
                "eventVersion": "1.11",
                "userIdentity": {
                    "type": "Root",
                    "principalId": "000000000000",
                    "arn": "arn:aws:iam::000000000000:root",
                    "accountId": "000000000000",
                },
                "eventTime": "2027-01-15T08:00:00Z",
                "eventSource": "sts.amazonaws.com",
                "eventName": "AssumeRole",
                "awsRegion": "eu-central-1",
                "sourceIPAddress": "127.0.0.1",
                "userAgent": "aws-cli/2",
                "errorCode": "AccessDenied",
                "errorMessage": "no",
                "requestParameters": {"roleArn": "arn:aws:iam::000000000000:role/r"},
                "responseElements": null,
                "requestID": "abababab-abab-4bab-abab-abababababab",
                "eventID": "abababab-abab-4bab-abab-abababababab",
                "readOnly": true,
                "eventType": "AwsApiCall",
                "managementEvent": true,
                "recipientAccountId": "000000000000",
                "eventCategory": "Management",
            })
        );
    }

    #[test]
    fn a_failed_sign_in_in_full() {
        let additional = json!({"MobileVersion": "No", "MFAUsed": "No"});
        let failure = json!({"ConsoleLogin": "Failure"});
        let event = Event {
            kind: EventKind::SignIn { additional: &additional },
            identity: Identity::Unknown { access_key_id: None },
            source: "signin.amazonaws.com",
            name: "ConsoleLogin",
            error: Some(EventError { code: None, message: "Failed authentication" }),
            response_elements: Some(&failure),
            read_only: false,
            recipient: None,
            ..sample(&Principal::Root { account: AccountId::ZERO })
        };
        assert_eq!(
            serde_json::to_value(&event).unwrap(),
            json!({
                "eventVersion": "1.11",
                "userIdentity": {"type": "Unknown"},
                "eventTime": "2027-01-15T08:00:00Z",
                "eventSource": "signin.amazonaws.com",
                "eventName": "ConsoleLogin",
                "awsRegion": "eu-central-1",
                "sourceIPAddress": "127.0.0.1",
                "userAgent": "aws-cli/2",
                "errorMessage": "Failed authentication",
                "requestParameters": null,
                "responseElements": {"ConsoleLogin": "Failure"},
                "additionalEventData": {"MobileVersion": "No", "MFAUsed": "No"},
                "eventID": "abababab-abab-4bab-abab-abababababab",
                "readOnly": false,
                "eventType": "AwsConsoleSignIn",
                "managementEvent": true,
                "eventCategory": "Management",
            })
        );
    }

    #[test]
    fn members_come_in_cloudtrails_order_and_absent_ones_are_left_out() {
        let principal = Principal::Root { account: AccountId::ZERO };
        let event = Event { user_agent: None, recipient: None, ..sample(&principal) };
        let text = serde_json::to_string(&event).unwrap();
        let order = ["eventVersion", "userIdentity", "eventTime", "requestID", "eventCategory"];
        let places = order.map(|name| text.find(&format!("{name:?}:")).unwrap());
        assert!(places.is_sorted(), "{text}");
        for absent in ["userAgent", "errorCode", "errorMessage", "recipientAccountId"] {
            assert!(!text.contains(absent), "{text}");
        }
    }

    pub(crate) fn sample(principal: &Principal) -> Event<'_> {
        Event {
            kind: EventKind::ApiCall { request_id: RequestId::generate(&Same) },
            identity: Identity::Known { principal, access_key_id: None, session: None },
            time: DateTime::from_secs_and_nanos(1_800_000_000, 999_000_000),
            source: "sts.amazonaws.com",
            name: "AssumeRole",
            region: "eu-central-1",
            source_ip: Ipv4Addr::LOCALHOST.into(),
            user_agent: Some("aws-cli/2"),
            error: None,
            request_parameters: None,
            response_elements: None,
            id: EventId::generate(&Same),
            read_only: true,
            recipient: Some(principal.account()),
        }
    }

    #[derive(Debug)]
    struct Same;

    impl IdGen for Same {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0xAB);
        }
    }
}
