use daypass_model::iam::*;

use crate::generated::*;
use crate::testing::Fixture;

fn get(fixture: &Fixture) -> PasswordPolicy {
    let input = GetAccountPasswordPolicyInput {};
    fixture.ok::<GetAccountPasswordPolicy>(input).password_policy
}

#[test]
fn an_account_has_none_until_it_says_so() {
    let fixture = Fixture::new();
    let none = "NoSuchEntity: The Password Policy with domain name 000000000000 cannot be found.";
    let get = || fixture.refusal::<GetAccountPasswordPolicy>(GetAccountPasswordPolicyInput {});
    let delete =
        || fixture.refusal::<DeleteAccountPasswordPolicy>(DeleteAccountPasswordPolicyInput {});
    let nothing = "NoSuchEntity: The account policy with name PasswordPolicy cannot be found.";
    assert_eq!((get(), delete()), (none.to_owned(), nothing.to_owned()));
    fixture.ok::<UpdateAccountPasswordPolicy>(UpdateAccountPasswordPolicyInput::default());
    fixture.ok::<DeleteAccountPasswordPolicy>(DeleteAccountPasswordPolicyInput {});
    assert_eq!(get(), none);
    // Another account's is another.
    let other = fixture.caller("111111111111");
    let input = UpdateAccountPasswordPolicyInput::default();
    fixture.call::<UpdateAccountPasswordPolicy>(&other, input).unwrap();
    assert_eq!(get(), none);
}

#[test]
fn what_is_not_given_goes_back_to_its_default() {
    let fixture = Fixture::new();
    fixture.ok::<UpdateAccountPasswordPolicy>(UpdateAccountPasswordPolicyInput {
        minimum_password_length: Some(14),
        require_symbols: Some(true),
        require_numbers: Some(true),
        require_uppercase_characters: Some(true),
        require_lowercase_characters: Some(true),
        allow_users_to_change_password: Some(true),
        max_password_age: Some(90),
        password_reuse_prevention: Some(24),
        hard_expiry: Some(false),
    });
    let all = PasswordPolicy {
        minimum_password_length: Some(14),
        require_symbols: Some(true),
        require_numbers: Some(true),
        require_uppercase_characters: Some(true),
        require_lowercase_characters: Some(true),
        allow_users_to_change_password: Some(true),
        expire_passwords: Some(true),
        max_password_age: Some(90),
        password_reuse_prevention: Some(24),
        hard_expiry: Some(false),
    };
    assert_eq!(get(&fixture), all);
    fixture.ok::<UpdateAccountPasswordPolicy>(UpdateAccountPasswordPolicyInput {
        require_numbers: Some(true),
        ..Default::default()
    });
    let no = Some(false);
    let numbers = PasswordPolicy {
        minimum_password_length: Some(6),
        require_symbols: no,
        require_numbers: Some(true),
        require_uppercase_characters: no,
        require_lowercase_characters: no,
        allow_users_to_change_password: no,
        expire_passwords: no,
        max_password_age: None,
        password_reuse_prevention: None,
        hard_expiry: None,
    };
    assert_eq!(get(&fixture), numbers);
}
