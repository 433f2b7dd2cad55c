use aws_smithy_types::DateTime;
use daypass_ident::Secret;
use daypass_model::iam::*;
use daypass_state::Caller;

use crate::generated::*;
use crate::testing::{Fixture, NOW};

fn secret(text: &str) -> Secret<String> {
    text.to_owned().into()
}

fn create(user: Option<&str>, password: &str) -> CreateLoginProfileInput {
    CreateLoginProfileInput {
        user_name: user.map(str::to_owned),
        password: Some(secret(password)),
        password_reset_required: None,
    }
}

fn update(user: &str, password: Option<&str>, reset: Option<bool>) -> UpdateLoginProfileInput {
    UpdateLoginProfileInput {
        user_name: user.to_owned(),
        password: password.map(secret),
        password_reset_required: reset,
    }
}

fn get(user: &str) -> GetLoginProfileInput {
    GetLoginProfileInput { user_name: Some(user.to_owned()) }
}

fn delete(user: &str) -> DeleteLoginProfileInput {
    DeleteLoginProfileInput { user_name: Some(user.to_owned()) }
}

fn change(old: &str, new: &str) -> ChangePasswordInput {
    ChangePasswordInput { old_password: secret(old), new_password: secret(new) }
}

fn set_policy(fixture: &Fixture, change: impl FnOnce(&mut UpdateAccountPasswordPolicyInput)) {
    let mut input = UpdateAccountPasswordPolicyInput::default();
    change(&mut input);
    fixture.ok::<UpdateAccountPasswordPolicy>(input);
}

/// Alice with a password, who may do everything.
fn alice(fixture: &Fixture, password: &str) -> Caller {
    let alice = fixture.user_allowed("alice", "*", "*");
    fixture.ok::<CreateLoginProfile>(create(Some("alice"), password));
    alice
}

#[test]
fn a_profile_is_made_shown_changed_and_deleted() {
    let fixture = Fixture::new();
    fixture.user("Alice", None);
    let made = fixture.ok::<CreateLoginProfile>(create(Some("alice"), "Password1")).login_profile;
    let expected = LoginProfile {
        user_name: "Alice".to_owned(),
        create_date: DateTime::from_secs(NOW),
        password_reset_required: Some(false),
    };
    assert_eq!(made, expected);
    assert_eq!(
        fixture.refusal::<CreateLoginProfile>(create(Some("alice"), "Password1")),
        "EntityAlreadyExists: Login Profile for user Alice already exists."
    );
    fixture.clock.advance(100);
    fixture.ok::<UpdateLoginProfile>(update("alice", None, Some(true)));
    fixture.ok::<UpdateLoginProfile>(update("alice", Some("Password2"), None));
    let shown = fixture.ok::<GetLoginProfile>(get("ALICE")).login_profile;
    assert_eq!(shown, LoginProfile { password_reset_required: Some(true), ..expected });
    fixture.ok::<DeleteLoginProfile>(delete("alice"));
    let cannot = "NoSuchEntity: Login Profile for User Alice cannot be found.";
    assert_eq!(fixture.refusal::<GetLoginProfile>(get("alice")), cannot);
    assert_eq!(fixture.refusal::<UpdateLoginProfile>(update("alice", None, None)), cannot);
    assert_eq!(
        fixture.refusal::<DeleteLoginProfile>(delete("alice")),
        "NoSuchEntity: Cannot find Login Profile for User Alice"
    );
    assert_eq!(
        fixture.refusal::<CreateLoginProfile>(create(Some("none"), "Password1")),
        "NoSuchEntity: The user with name none cannot be found."
    );
}

#[test]
fn a_password_stays_with_its_user_and_goes_first() {
    let fixture = Fixture::new();
    fixture
        .ok::<CreateUser>(CreateUserInput { user_name: "alice".to_owned(), ..Default::default() });
    fixture.ok::<CreateLoginProfile>(create(Some("alice"), "Password1"));
    fixture.ok::<UpdateUser>(UpdateUserInput {
        user_name: "alice".to_owned(),
        new_user_name: Some("anna".to_owned()),
        new_path: None,
    });
    assert_eq!(fixture.ok::<GetLoginProfile>(get("anna")).login_profile.user_name, "anna");
    let gone = || DeleteUserInput { user_name: "anna".to_owned() };
    assert_eq!(
        fixture.refusal::<DeleteUser>(gone()),
        "DeleteConflict: Cannot delete entity, must delete login profile first."
    );
    fixture.ok::<DeleteLoginProfile>(delete("anna"));
    fixture.ok::<DeleteUser>(gone());
}

#[test]
fn passwords_are_as_the_account_asks() {
    let fixture = Fixture::new();
    fixture.user("alice", None);
    let refusal = |password| fixture.refusal::<CreateLoginProfile>(create(Some("alice"), password));
    assert_eq!(
        refusal("Aa1"),
        "PasswordPolicyViolation: Password should have a minimum length of 8"
    );
    set_policy(&fixture, |policy| policy.require_symbols = Some(true));
    assert_eq!(
        refusal("Password1"),
        "PasswordPolicyViolation: Password should have at least one symbol"
    );
    fixture.ok::<CreateLoginProfile>(create(Some("alice"), "aaaaa!"));
    assert_eq!(
        fixture.refusal::<UpdateLoginProfile>(update("alice", Some("Password1"), None)),
        "PasswordPolicyViolation: Password should have at least one symbol"
    );
}

#[test]
fn without_a_name_it_is_the_caller_and_root_names_a_user() {
    let fixture = Fixture::new();
    let alice = fixture.user_allowed("alice", "*", "*");
    fixture.call::<CreateLoginProfile>(&alice, create(None, "Password1")).unwrap();
    let input = GetLoginProfileInput { user_name: None };
    let shown = fixture.call::<GetLoginProfile>(&alice, input).unwrap().login_profile;
    assert_eq!(shown.user_name, "alice");
    let input = DeleteLoginProfileInput { user_name: None };
    fixture.call::<DeleteLoginProfile>(&alice, input).unwrap();
    assert_eq!(
        fixture.refusal::<CreateLoginProfile>(create(None, "Password1")),
        "ValidationError: Must specify userName when calling with non-User credentials"
    );
    assert_eq!(
        fixture.refusal::<GetLoginProfile>(GetLoginProfileInput { user_name: None }),
        "NoSuchEntity: Login Profile for User root cannot be found."
    );
}

#[test]
fn a_user_changes_the_password_with_the_old_one() {
    let fixture = Fixture::new();
    let alice = alice(&fixture, "Password1");
    fixture.ok::<UpdateLoginProfile>(update("alice", None, Some(true)));
    let refusal =
        |old: &str, new: &str| fixture.refusal_to::<ChangePassword>(&alice, change(old, new));
    for (old, new, expected) in [
        ("wrong", "Password2", "AccessDenied: The old password was incorrect."),
        (
            "Password1",
            "Password1",
            "PasswordPolicyViolation: Policy constraint violation with password reuse prevention during \
             password change.",
        ),
        (
            "Password1",
            "Pass-1",
            "PasswordPolicyViolation: Password should have a minimum length of 8",
        ),
    ] {
        assert_eq!(refusal(old, new), expected);
    }
    fixture.call::<ChangePassword>(&alice, change("Password1", "Password2")).unwrap();
    // And has not to change it again.
    let shown = fixture.ok::<GetLoginProfile>(get("alice")).login_profile;
    assert_eq!(shown.password_reset_required, Some(false));
    assert_eq!(refusal("Password1", "Password3"), "AccessDenied: The old password was incorrect.");
    assert_eq!(
        fixture.refusal::<ChangePassword>(change("Password1", "Password2")),
        "InvalidUserType: Only IAM Users can change their own password."
    );
    let nobody = fixture.user_allowed("nobody", "*", "*");
    assert_eq!(
        fixture.refusal_to::<ChangePassword>(&nobody, change("Password1", "Password2")),
        "NoSuchEntity: Login Profile for User nobody cannot be found."
    );
}

#[test]
fn earlier_passwords_are_not_used_again() {
    let fixture = Fixture::new();
    set_policy(&fixture, |policy| policy.password_reuse_prevention = Some(2));
    let alice = alice(&fixture, "Password1");
    fixture.call::<ChangePassword>(&alice, change("Password1", "Password2")).unwrap();
    let again = fixture.refusal_to::<ChangePassword>(&alice, change("Password2", "Password1"));
    assert!(again.starts_with("PasswordPolicyViolation: Policy constraint"), "{again}");
    // The last two, and no more.
    fixture.call::<ChangePassword>(&alice, change("Password2", "Password3")).unwrap();
    fixture.call::<ChangePassword>(&alice, change("Password3", "Password1")).unwrap();
}

/// Five wrong ones in a row, and then even the right one must wait, as with codes of MFA devices.
#[test]
fn guesses_are_slowed_down() {
    let fixture = Fixture::new();
    let alice = alice(&fixture, "Password1");
    let refusal =
        |old: &str| fixture.refusal_to::<ChangePassword>(&alice, change(old, "Password2"));
    for _ in 0..5 {
        assert_eq!(refusal("guess"), "AccessDenied: The old password was incorrect.");
    }
    assert_eq!(refusal("Password1"), "AccessDenied: The old password was incorrect.");
    fixture.clock.advance(25);
    fixture.call::<ChangePassword>(&alice, change("Password1", "Password2")).unwrap();
}

/// By a setting of the account IAM lets users change their own password, whatever their policies do not say.
#[test]
fn the_account_may_let_users_change_their_own() {
    let fixture = Fixture::new();
    let deny = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"iam:ChangePassword","Resource":"*"}}"#;
    let alice = fixture.user("alice", None);
    let bob = fixture.user("bob", Some(deny));
    for user in ["alice", "bob"] {
        fixture.ok::<CreateLoginProfile>(create(Some(user), "Password1"));
    }
    let change = || change("Password1", "Password2");
    let policy = || GetAccountPasswordPolicyInput {};
    let denied = |refusal: String, action: &str| {
        let denial = format!("is not authorized to perform: {action} on");
        assert!(refusal.contains(&denial), "{refusal}");
    };
    denied(fixture.refusal_to::<ChangePassword>(&alice, change()), "iam:ChangePassword");
    set_policy(&fixture, |policy| policy.allow_users_to_change_password = Some(true));
    assert!(fixture.refusal_to::<ChangePassword>(&bob, change()).contains("explicit deny"));
    fixture.call::<ChangePassword>(&alice, change()).unwrap();
    fixture.call::<GetAccountPasswordPolicy>(&alice, policy()).unwrap();
    set_policy(&fixture, |_| {});
    let refusal = fixture.refusal_to::<GetAccountPasswordPolicy>(&alice, policy());
    denied(refusal, "iam:GetAccountPasswordPolicy");
}
