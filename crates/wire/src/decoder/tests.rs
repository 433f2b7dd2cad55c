use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::Pattern;

static NAME: Pattern = Pattern::characters(
    r"[\w+=,.@-]*",
    None,
    0,
    |c| matches!(c, 'a'..='z' | 'A'..='Z' | '0'..='9' | '_' | '+' | '=' | ',' | '.' | '@' | '-'),
);
static ADVISED: Pattern =
    Pattern::characters(r"[\w]+", Some("It must contain only alphanumeric characters."), 1, |c| {
        c.is_ascii_alphanumeric()
    });
static NAME_RULE: TextRule = rule(2, 4, Some(&NAME));
static ADVISED_RULE: TextRule = rule(1, 4, Some(&ADVISED));
static THUMBPRINT: TextRule = rule(40, 40, None);
static PASSWORD: TextRule = TextRule { sensitive: true, ..rule(1, 4, None) };

const fn rule(min: i64, max: i64, pattern: Option<&'static Pattern>) -> TextRule {
    TextRule { length: Bounds::new(Some(min), Some(max)), pattern, sensitive: false }
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Status {
    Active,
    Inactive,
}

impl Choice for Status {
    const ALL: &'static [Self] = &[Self::Active, Self::Inactive];

    fn as_str(self) -> &'static str {
        match self {
            Self::Active => "Active",
            Self::Inactive => "Inactive",
        }
    }
}

#[derive(Debug, PartialEq)]
struct Tag {
    key: String,
}

impl Decode for Tag {
    fn decode(node: Node<'_>, decoder: &mut Decoder) -> Option<Self> {
        let key = decoder.required(node, "Key", |at, read| read.text(at, &NAME_RULE));
        Some(Self { key: key? })
    }
}

/// A shape with a member of each kind.
#[derive(Debug, Default, PartialEq)]
struct Everything {
    name: String,
    user: Option<String>,
    password: Option<Secret<String>>,
    status: Option<Status>,
    seconds: Option<i32>,
    flag: Option<bool>,
    at: Option<DateTime>,
    blob: Option<Vec<u8>>,
    tags: Option<Vec<Tag>>,
    keys: Option<Vec<String>>,
    names: Option<Vec<String>>,
    statuses: Option<Vec<Status>>,
    map: Option<BTreeMap<String, Tag>>,
    texts: Option<BTreeMap<String, String>>,
}

const MEMBER: Option<&str> = Some("member");
const UP_TO_TWO: Bounds = Bounds::new(None, Some(2));

impl Decode for Everything {
    fn decode(node: Node<'_>, decoder: &mut Decoder) -> Option<Self> {
        let name = decoder.required(node, "RoleName", |at, read| read.text(at, &NAME_RULE));
        let user = decoder.optional(node, "UserName", |at, read| read.text(at, &ADVISED_RULE));
        let password = decoder.optional(node, "Password", |at, read| read.secret(at, &PASSWORD));
        let status = decoder.optional(node, "Status", |at, read| read.choice(at));
        let seconds = decoder.optional(node, "Seconds", |at, read| {
            read.integer(at, Bounds::new(Some(900), Some(43200)))
        });
        let flag = decoder.optional(node, "Flag", |at, read| read.boolean(at));
        let at = decoder.optional(node, "At", |at, read| read.timestamp(at));
        let blob = decoder.optional(node, "Blob", |at, read| read.blob(at, UP_TO_TWO));
        let tags = decoder
            .optional(node, "Tags", |at, read| read.list(at, MEMBER, UP_TO_TWO, Tag::decode));
        let keys = decoder.optional(node, "ThumbprintList", |at, read| {
            read.texts(at, MEMBER, UP_TO_TWO, &THUMBPRINT)
        });
        let names = decoder
            .optional(node, "Names", |at, read| read.texts(at, MEMBER, UP_TO_TWO, &NAME_RULE));
        let statuses =
            decoder.optional(node, "Statuses", |at, read| read.choices(at, MEMBER, Bounds::ANY));
        let map = decoder
            .optional(node, "Map", |at, read| read.map(at, UP_TO_TWO, &NAME_RULE, Tag::decode));
        let texts = decoder.optional(node, "Texts", |at, read| {
            read.text_map(at, UP_TO_TWO, &NAME_RULE, &NAME_RULE)
        });
        Some(Self {
            name: name?,
            user: user?,
            password: password?,
            status: status?,
            seconds: seconds?,
            flag: flag?,
            at: at?,
            blob: blob?,
            tags: tags?,
            keys: keys?,
            names: names?,
            statuses: statuses?,
            map: map?,
            texts: texts?,
        })
    }
}

fn read(form: &str) -> Result<Everything, Fault> {
    read_as(ConstraintTexts::WithValues, form)
}

fn read_as(texts: ConstraintTexts, form: &str) -> Result<Everything, Fault> {
    decode(&Params::from_form(form.as_bytes()).unwrap(), texts)
}

#[test]
fn refusals_are_in_aws_words() {
    let one = "1 validation error detected: ";
    let two = "2 validation errors detected: ";
    let failed = "failed to satisfy constraint: Member must";
    let forty = "0".repeat(40);
    let cases = [
        ("", format!("{one}Value null at 'roleName' {failed} not be null")),
        ("RoleName=a", format!("{one}Value 'a' at 'roleName' {failed} have length greater than or equal to 2")),
        ("RoleName=abcde", format!("{one}Value 'abcde' at 'roleName' {failed} have length less than or equal to 4")),
        ("RoleName=a:b", format!(r"{one}Value 'a:b' at 'roleName' {failed} satisfy regular expression pattern: [\w+=,.@-]*")),
        (
            "RoleName=%C3%A9",
            format!(r"{two}Value 'é' at 'roleName' {failed} satisfy regular expression pattern: [\w+=,.@-]*; Value 'é' at 'roleName' {failed} have length greater than or equal to 2"),
        ),
        ("RoleName=ab&Password=hunter2", format!("{one}Value at 'password' {failed} have length less than or equal to 4")),
        ("RoleName=ab&Status=on", format!("{one}Value 'on' at 'status' {failed} satisfy enum value set: [Active, Inactive]")),
        ("RoleName=ab&Seconds=899", format!("{one}Value '899' at 'seconds' {failed} have value greater than or equal to 900")),
        ("RoleName=ab&Seconds=43201", format!("{one}Value '43201' at 'seconds' {failed} have value less than or equal to 43200")),
        (
            "RoleName=ab&Tags.member.1.Key=abcde&Tags.member.2.Value=",
            format!("{two}Value 'abcde' at 'tags.1.member.key' {failed} have length less than or equal to 4; Value null at 'tags.2.member.key' {failed} not be null"),
        ),
        (
            "RoleName=ab&Tags.member.1.Key=&Tags.member.2.Key=&Tags.member.3.Key=",
            format!("{one}Value at 'tags' {failed} have length less than or equal to 2"),
        ),
        (
            &format!("RoleName=ab&ThumbprintList.member.1={forty}&ThumbprintList.member.2=0"),
            format!("{one}Value '[{forty}, 0]' at 'thumbprintList' {failed} satisfy constraint: [Member must have length less than or equal to 40, Member must have length greater than or equal to 40]"),
        ),
        (
            "RoleName=ab&Statuses.member.1=on",
            format!("{one}Value '[on]' at 'statuses' {failed} satisfy constraint: [Member must satisfy enum value set: [Active, Inactive]]"),
        ),
        (
            "RoleName=ab&Texts.entry.1.key=ab&Texts.entry.1.value=a",
            format!(r"{one}Value at 'texts' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [\w+=,.@-]*]"),
        ),
        (
            "RoleName=ab&Map.entry.1.key=ab&Map.entry.1.value.Key=a",
            format!("{one}Value 'a' at 'map.ab.member.key' {failed} have length greater than or equal to 2"),
        ),
        (
            "RoleName=ab&Names.member.1=ab&Names.member.2=:",
            format!(r"{one}Value '[ab, :]' at 'names' {failed} satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [\w+=,.@-]*, Member must not be null]"),
        ),
        // A service's own sentence comes after the framework's checks.
        ("RoleName=ab&UserName=a:b", "The specified value for userName is invalid. It must contain only alphanumeric characters.".to_owned()),
        ("RoleName=a&UserName=a:b", format!("{one}Value 'a' at 'roleName' {failed} have length greater than or equal to 2")),
    ];
    for (form, message) in cases {
        let fault = read(form).unwrap_err();
        assert_eq!((fault.code, fault.status), ("ValidationError", 400), "{form}");
        assert_eq!(fault.message.unwrap(), message, "{form}");
    }
}

#[test]
fn f2_a_service_may_leave_values_and_the_words_of_enumerations_out() {
    let one = "1 validation error detected: ";
    let failed = "failed to satisfy constraint: Member must";
    let cases = [
        ("", format!("{one}Value null at 'roleName' {failed} not be null")),
        (
            "RoleName=a",
            format!("{one}Value at 'roleName' {failed} have length greater than or equal to 2"),
        ),
        (
            "RoleName=a:b",
            format!(
                r"{one}Value at 'roleName' {failed} satisfy regular expression pattern: [\w+=,.@-]*"
            ),
        ),
        (
            "RoleName=ab&Status=on",
            format!("{one}Value at 'status' {failed} satisfy enum value set"),
        ),
        (
            "RoleName=ab&Seconds=899",
            format!("{one}Value at 'seconds' {failed} have value greater than or equal to 900"),
        ),
        (
            "RoleName=ab&Tags.member.1.Key=abcde",
            format!(
                "{one}Value at 'tags.1.member.key' {failed} have length less than or equal to 4"
            ),
        ),
        (
            "RoleName=ab&ThumbprintList.member.1=0",
            format!(
                "{one}Value at 'thumbprintList' {failed} satisfy constraint: [Member must have length less than or equal to 40, Member must have length greater than or equal to 40]"
            ),
        ),
        (
            "RoleName=ab&Names.member.1=:",
            format!(
                r"{one}Value at 'names' {failed} satisfy constraint: [Member must have length less than or equal to 4, Member must have length greater than or equal to 2, Member must satisfy regular expression pattern: [\w+=,.@-]*, Member must not be null]"
            ),
        ),
        (
            "RoleName=ab&Statuses.member.1=on",
            format!(
                "{one}Value at 'statuses' {failed} satisfy constraint: [Member must satisfy enum value set]"
            ),
        ),
    ];
    for (form, message) in cases {
        let fault = read_as(ConstraintTexts::WithoutValues, form).unwrap_err();
        assert_eq!(fault.message.unwrap(), message, "{form}");
    }
}

#[test]
fn what_is_not_of_its_type_is_malformed() {
    let cases = [
        ("Seconds=", Some("missing value for decimal type")),
        ("Seconds=9e2", None),
        ("Seconds=900.0", None),
        ("Seconds=nine", None),
        ("Seconds=2147483648", None),
        ("Seconds=%20900", None),
        ("Flag=yes", None),
        ("Flag=", None),
        ("At=yesterday", None),
        ("Blob=%25", None),
        // Before any constraint.
        ("RoleName=&Flag=yes&Seconds=1", None),
    ];
    for (form, message) in cases {
        let fault = read(form).unwrap_err();
        assert_eq!((fault.code, fault.status), ("MalformedInput", 400), "{form}");
        assert_eq!(fault.message.as_deref(), message, "{form}");
    }
}

#[test]
fn values_become_what_they_say() {
    let form = "RoleName=ab&UserName=cd&Password=pw&Status=Inactive&Seconds=%2B0900&Flag=TRUE\
        &At=2023-11-14T22:13:20Z&Blob=AP8=&Tags.member.2.Key=b2&Tags.member.1.Key=b1\
        &ThumbprintList=&Statuses.member.1=Active&Map.entry.1.key=kk&Map.entry.1.value.Key=vv\
        &Texts.entry.1.key=kk&Texts.entry.1.value=v1&Texts.entry.2.key=kk&Texts.entry.2.value=v2\
        &Unknown=1";
    let tag = |key: &str| Tag { key: key.to_owned() };
    let expected = Everything {
        name: "ab".to_owned(),
        user: Some("cd".to_owned()),
        password: Some(Secret::new("pw".to_owned())),
        status: Some(Status::Inactive),
        seconds: Some(900),
        flag: Some(true),
        at: Some(DateTime::from_secs(1_700_000_000)),
        blob: Some(vec![0, 255]),
        tags: Some(vec![tag("b1"), tag("b2")]),
        keys: Some(Vec::new()),
        names: None,
        statuses: Some(vec![Status::Active]),
        map: Some(BTreeMap::from([("kk".to_owned(), tag("vv"))])),
        texts: Some(BTreeMap::from([("kk".to_owned(), "v1".to_owned())])),
    };
    assert_eq!(read(form).unwrap(), expected);
    let bare = Everything { name: "ab".to_owned(), ..Everything::default() };
    assert_eq!(read("RoleName=ab").unwrap(), bare);
}

proptest! {
    #[test]
    fn no_form_is_too_strange(
        form in "((RoleName|Tags|Map|Seconds)(\\.(member|entry|1|2|0|Key|key|value)){0,5}=[a-z0-9]{0,5}&){0,8}"
    ) {
        let _ = read(&form);
    }

    #[test]
    fn lengths_count_characters(text in "\\PC{0,8}") {
        let form: String = form_urlencoded::Serializer::new(String::new())
            .append_pair("RoleName", "ab")
            .append_pair("Password", &text)
            .finish();
        prop_assert_eq!(read(&form).is_ok(), (1..=4).contains(&text.chars().count()));
    }
}
