use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

const GIT: &str = "codecommit.amazonaws.com";

fn fixture() -> Fixture {
    let fixture = Fixture::new();
    for user in ["alice", "bob"] {
        let input = CreateUserInput { user_name: user.to_owned(), ..Default::default() };
        fixture.ok::<CreateUser>(input);
    }
    fixture
}

fn create(user: &str, service: &str, days: Option<i32>) -> CreateServiceSpecificCredentialInput {
    CreateServiceSpecificCredentialInput {
        user_name: user.to_owned(),
        service_name: service.to_owned(),
        credential_age_days: days,
    }
}

fn make(
    fixture: &Fixture,
    user: &str,
    service: &str,
    days: Option<i32>,
) -> ServiceSpecificCredential {
    let made = fixture.ok::<CreateServiceSpecificCredential>(create(user, service, days));
    made.service_specific_credential.unwrap()
}

fn list(fixture: &Fixture, input: ListServiceSpecificCredentialsInput) -> Vec<String> {
    let listed = fixture.ok::<ListServiceSpecificCredentials>(input);
    let listed = listed.service_specific_credentials.unwrap();
    let shown = listed.into_iter().map(|one| {
        let name = one.service_user_name.or(one.service_credential_alias).unwrap();
        format!("{name} {:?}", one.status)
    });
    shown.collect()
}

fn of(user: &str) -> ListServiceSpecificCredentialsInput {
    ListServiceSpecificCredentialsInput { user_name: Some(user.to_owned()), ..Default::default() }
}

#[test]
fn a_password_goes_with_a_user_name_for_the_service() {
    let fixture = fixture();
    let made = make(&fixture, "alice", GIT, None);
    assert_eq!(made.service_user_name.as_deref(), Some("alice-at-000000000000"));
    assert_eq!(made.service_password.unwrap().expose().len(), 44);
    assert!(made.service_credential_alias.is_none() && made.service_credential_secret.is_none());
    let id = &made.service_specific_credential_id;
    assert!(id.starts_with("ACCA") && id.len() == 21, "{id}");
    let second = make(&fixture, "alice", GIT, None);
    assert_eq!(second.service_user_name.as_deref(), Some("alice+1-at-000000000000"));
    let third = fixture.refusal::<CreateServiceSpecificCredential>(create("alice", GIT, None));
    assert!(third.starts_with("LimitExceeded: "), "{third}");
    make(&fixture, "alice", "cassandra.amazonaws.com", None);
    assert_eq!(list(&fixture, of("alice")).len(), 3);
    // The name that is free is given again.
    fixture.ok::<DeleteServiceSpecificCredential>(DeleteServiceSpecificCredentialInput {
        user_name: Some("alice".to_owned()),
        service_specific_credential_id: id.clone(),
    });
    let again = make(&fixture, "alice", GIT, None);
    assert_eq!(again.service_user_name.as_deref(), Some("alice-at-000000000000"));
}

#[test]
fn an_api_key_may_expire() {
    let fixture = fixture();
    let made = make(&fixture, "alice", "bedrock.amazonaws.com", Some(30));
    assert_eq!(made.service_credential_alias.as_deref(), Some("alice-at-000000000000"));
    assert!(made.service_user_name.is_none() && made.service_password.is_none());
    let secret = made.service_credential_secret.unwrap();
    let rest = secret.expose().strip_prefix("ABSK").unwrap().trim_end_matches('=');
    assert!((109..=269).contains(&rest.len()), "{}", rest.len());
    assert_eq!(made.expiration_date.unwrap().secs(), NOW + 30 * 86_400);
    assert_eq!(list(&fixture, of("alice")), ["alice-at-000000000000 Active"]);
    fixture.clock.advance(30 * 86_400);
    assert_eq!(list(&fixture, of("alice")), ["alice-at-000000000000 Expired"]);
    assert!(make(&fixture, "bob", "bedrock.amazonaws.com", None).expiration_date.is_none());
}

#[test]
fn a_reset_changes_the_secret_alone() {
    let fixture = fixture();
    let made = make(&fixture, "alice", GIT, None);
    let id = || made.service_specific_credential_id.clone();
    let user_name = || Some("alice".to_owned());
    fixture.ok::<UpdateServiceSpecificCredential>(UpdateServiceSpecificCredentialInput {
        user_name: user_name(),
        service_specific_credential_id: id(),
        status: StatusType::Inactive,
    });
    fixture.clock.advance(100);
    let input = ResetServiceSpecificCredentialInput {
        user_name: user_name(),
        service_specific_credential_id: id(),
    };
    let reset = fixture.ok::<ResetServiceSpecificCredential>(input);
    let reset = reset.service_specific_credential.unwrap();
    assert_ne!(reset.service_password, made.service_password);
    assert_eq!(reset.status, StatusType::Inactive);
    assert_eq!(reset.create_date, made.create_date);
    assert_eq!(reset.service_specific_credential_id, made.service_specific_credential_id);
}

#[test]
fn lists_are_of_a_user_or_of_all_and_of_a_service() {
    let fixture = fixture();
    make(&fixture, "alice", GIT, None);
    make(&fixture, "bob", GIT, None);
    make(&fixture, "bob", "logs.amazonaws.com", None);
    let all = ListServiceSpecificCredentialsInput { all_users: Some(true), ..Default::default() };
    assert_eq!(list(&fixture, all.clone()).len(), 3);
    let service = |name: &str| Some(name.to_owned());
    let logs = ListServiceSpecificCredentialsInput {
        service_name: service("logs.amazonaws.com"),
        ..all.clone()
    };
    assert_eq!(list(&fixture, logs), ["bob-at-000000000000 Active"]);
    let none = ListServiceSpecificCredentialsInput {
        service_name: service("bedrock.amazonaws.com"),
        ..of("bob")
    };
    assert!(list(&fixture, none).is_empty());
    let unknown = ListServiceSpecificCredentialsInput {
        service_name: service("s3.amazonaws.com"),
        ..of("bob")
    };
    assert_eq!(
        fixture.refusal::<ListServiceSpecificCredentials>(unknown),
        "NoSuchEntity: No such service s3.amazonaws.com is supported for Service Specific Credentials"
    );
    let both = ListServiceSpecificCredentialsInput { user_name: service("bob"), ..all };
    let refusal = fixture.refusal::<ListServiceSpecificCredentials>(both);
    assert!(refusal.starts_with("InvalidInput: "), "{refusal}");
}

#[test]
fn what_is_missing_is_named_the_user_first() {
    let fixture = fixture();
    let made = make(&fixture, "alice", GIT, None);
    let delete = |user: &str, id: &str| {
        fixture.refusal::<DeleteServiceSpecificCredential>(DeleteServiceSpecificCredentialInput {
            user_name: Some(user.to_owned()),
            service_specific_credential_id: id.to_owned(),
        })
    };
    let id = &made.service_specific_credential_id;
    let no_user = "NoSuchEntity: The user with name none cannot be found.";
    assert_eq!(delete("none", "ACCANONE"), no_user);
    assert_eq!(
        fixture.refusal::<CreateServiceSpecificCredential>(create("none", "s3", None)),
        no_user
    );
    // Another user's is as good as none.
    assert_eq!(delete("bob", id), format!("NoSuchEntity: No such credential {id} exists"));
    assert_eq!(
        fixture.refusal::<DeleteUser>(DeleteUserInput { user_name: "alice".to_owned() }),
        "DeleteConflict: Cannot delete entity, must remove referenced objects first."
    );
}
