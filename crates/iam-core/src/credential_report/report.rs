//! The report itself: a line for the root user and one for each user, as recorded from AWS.

use std::borrow::Cow;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use daypass_ident::{AccountId, Arn};
use daypass_state::record::{KeyOwner, KeyStatus, SigningCertificateRecord};
use daypass_state::{AccessKey, Account, User};

/// The report of an account, without a newline after its last line. AWS's guide has one more column,
/// `additional_credentials_info`; what stands in it is not on record.
pub(super) fn of(id: AccountId, account: &Account) -> String {
    let lines = [HEADER.to_owned(), root(id, account)];
    let users = account.users().map(|user| of_user(account, user));
    lines.into_iter().chain(users).collect::<Vec<_>>().join("\n")
}

/// A root user has no password here, and when its account was made is not known. AWS's documentation has
/// `N/A` for whoever has none, but says nothing of root's row; auditors take everything but
/// `no_information` there for a time, and so it stands there.
fn root(id: AccountId, account: &Account) -> String {
    let password = ["false", NO_INFORMATION, NOT_APPLICABLE, NOT_SUPPORTED].map(Cow::Borrowed);
    line(account, KeyOwner::Root, "<root_account>", &Arn::root(id), 0, password)
}

fn of_user(account: &Account, user: &User) -> String {
    let record = &user.record;
    let password = match account.login_profile(record.id) {
        None => ["false", NOT_APPLICABLE, NOT_APPLICABLE, NOT_APPLICABLE].map(Cow::Borrowed),
        Some(profile) => {
            let changed = profile.record.change_date;
            let days = account.password_policy().and_then(|policy| policy.max_age);
            let next = days.map(|days| changed.saturating_add(i64::from(days) * DAY));
            [
                "true".into(),
                profile.last_sign_in().map_or(NO_INFORMATION.into(), time),
                time(changed),
                next.map_or(NOT_APPLICABLE.into(), time),
            ]
        }
    };
    let owner = KeyOwner::User(record.id);
    line(account, owner, &record.name, &user.arn(), record.create_date, password)
}

fn line(
    account: &Account,
    owner: KeyOwner,
    name: &str,
    arn: &Arn,
    created: i64,
    password: [Cow<'static, str>; 4],
) -> String {
    let has_mfa = account.mfa_devices_of(owner).next().is_some();
    let mut keys: Vec<_> = account.access_keys(owner).collect();
    keys.sort_by_key(|key| key.record.create_date);
    let mut fields = vec![quoted(name), quoted(arn.as_str()), time(created)];
    fields.extend(password);
    fields.push(flag(has_mfa));
    for place in 0..KEYS {
        fields.extend(key(keys.get(place).map(|key| &***key)));
    }
    let certificates = account.credentials_of::<SigningCertificateRecord>(owner);
    let mut certificates: Vec<_> = certificates.collect();
    certificates.sort_by_key(|one| one.upload_date);
    for place in 0..KEYS {
        fields.extend(certificate(certificates.get(place).map(|one| &***one)));
    }
    fields.join(",")
}

/// An inactive key keeps the time at which it was made, as recorded from AWS.
fn key(key: Option<&AccessKey>) -> [Cow<'_, str>; 5] {
    let none = || Cow::Borrowed(NOT_APPLICABLE);
    let Some(key) = key else { return ["false".into(), none(), none(), none(), none()] };
    let is_active = key.record.status == KeyStatus::Active;
    let [at, region, service] = match key.last_used.get() {
        Some(last) => {
            let minute = last.at - last.at.rem_euclid(60);
            [time(minute), last.region.to_string().into(), last.service.into()]
        }
        None => [none(), none(), none()],
    };
    [flag(is_active), time(key.record.create_date), at, region, service]
}

/// One that is not in use keeps its time, as a key does.
fn certificate(certificate: Option<&SigningCertificateRecord>) -> [Cow<'static, str>; 2] {
    let Some(one) = certificate else { return ["false", NOT_APPLICABLE].map(Cow::Borrowed) };
    [flag(one.status == KeyStatus::Active), time(one.upload_date)]
}

/// As `2016-05-16T18:13:11+00:00`.
fn time(seconds: i64) -> Cow<'static, str> {
    let text = DateTime::from_secs(seconds).fmt(Format::DateTime).unwrap_or_default();
    (text.trim_end_matches('Z').to_owned() + "+00:00").into()
}

fn flag(is_set: bool) -> Cow<'static, str> {
    if is_set { "true".into() } else { "false".into() }
}

/// A name may have commas (RFC 4180, section 2).
fn quoted(text: &str) -> Cow<'_, str> {
    if text.contains(',') { format!("\"{text}\"").into() } else { text.into() }
}

const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,\
    password_last_changed,password_next_rotation,mfa_active,access_key_1_active,\
    access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,\
    access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,\
    access_key_2_last_used_date,access_key_2_last_used_region,access_key_2_last_used_service,\
    cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const NOT_APPLICABLE: &str = "N/A";
const NO_INFORMATION: &str = "no_information";
const NOT_SUPPORTED: &str = "not_supported";
/// The report has two keys and two certificates of each.
const KEYS: usize = 2;
/// In seconds.
const DAY: i64 = 86_400;
