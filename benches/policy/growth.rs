//! How the time grows with what an author or a caller can make long. Each row doubles a size three times: linear growth
//! doubles the time each time.

#[allow(dead_code, reason = "each bench uses its share")]
mod rivals;
#[allow(dead_code, reason = "each bench uses its share")]
mod stopwatch;
#[allow(dead_code, reason = "each bench uses its share")]
mod task;

use std::hint::black_box;

use daypass_ident::Principal;
use daypass_policy::{
    Caller, ContextMap, ContextValue, NamedPolicy, Policies, Policy, PolicyKind, PolicySource,
    Request, ResourcePolicy, decide,
};
use serde_json::{Value, json};

use rivals::Cedar;
use stopwatch::least;
use task::{ACCOUNT, Daypass, Task, USER, document, user};

fn main() {
    println!(
        "{:<58}{:>10}{:>12}{:>12}{:>12}{:>12}   growth",
        "how the time grows, in µs", "n =", "n", "2n", "4n", "8n"
    );
    wildcards();
    lists();
    statements();
    principals();
    parsing();
    println!();
}

/// A row: `subject` makes what is measured at a size.
fn row<T, R: FnMut() -> T>(title: &str, n: usize, subject: impl Fn(usize) -> R) {
    let times = [n, 2 * n, 4 * n, 8 * n].map(|size| least(subject(size)) / 1e3);
    print!("{title:<58}{n:>10}");
    times.iter().for_each(|time| print!("{time:>12.3}"));
    let growth: Vec<_> =
        times.windows(2).map(|pair| format!("×{:.1}", pair[1] / pair[0])).collect();
    println!("   {}", growth.join(" "));
}

/// One statement, and a request that its action covers.
fn one(title: &str, n: usize, parts: impl Fn(usize) -> Parts) {
    row(title, n, |size| {
        let Parts { statement, resource, context } = parts(size);
        let policy = identity(&[statement]);
        let user = user();
        move || decided(&user, &policy, &resource, &context)
    });
}

struct Parts {
    statement: Value,
    resource: String,
    context: ContextMap,
}

impl Parts {
    fn resources(resources: impl Into<Value>, resource: String) -> Self {
        let statement =
            json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": resources.into()});
        Self { statement, resource, context: ContextMap::new() }
    }

    fn condition(
        operator: &str,
        expected: Vec<String>,
        actual: impl Into<ContextValue<'static>>,
    ) -> Self {
        let statement = json!({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*",
            "Condition": {operator: {"aws:TagKeys": expected}}});
        Self {
            statement,
            resource: RESOURCE.to_owned(),
            context: ContextMap::new().with("aws:TagKeys", actual),
        }
    }
}

fn wildcards() {
    // All fail as late as they can.
    for (title, unit, last) in [
        ("*a*a*a*…*c*, n long; a text of 4n times a", "*a", "*c*"),
        ("*aa*aa*…*c*, n long; a text of 4n times a", "*aa", "*c*"),
        ("*ab*ab*…*, n long; a text of 4n times a", "*ab", "*"),
        ("*?*?*?*…*c*, n long; a text of 4n times a", "*?", "*c*"),
        ("*aaaa…c*, n long; a text of 4n times a", "a", "c*"),
        ("*a?a?…c*, n long; a text of 4n times a", "a?", "c*"),
    ] {
        one(title, 64, |size| {
            let pattern = format!("arn:aws:s3:::*{}{last}", unit.repeat(size / unit.len()));
            Parts::resources(pattern, format!("arn:aws:s3:::{}", "a".repeat(4 * size)))
        });
    }
}

fn lists() {
    let names = |size: usize, form: fn(usize) -> String| (0..size).map(form).collect::<Vec<_>>();
    let action = |size, form: fn(usize) -> String| Parts {
        statement: json!({"Effect": "Allow", "Action": names(size, form), "Resource": "*"}),
        ..Parts::resources("*", RESOURCE.to_owned())
    };
    one("n actions", 100, |size| action(size, |index| format!("s3:Do{index}")));
    one("n actions, each *x*", 100, |size| action(size, |index| format!("s3:*x{index}*")));
    let resources = |size, form: fn(usize) -> String| {
        Parts::resources(names(size, form), "arn:aws:s3:::bucket-x/key".to_owned())
    };
    one("n resources", 100, |size| {
        resources(size, |index| format!("arn:aws:s3:::bucket-{index}/*"))
    });
    one("n resources, each of any region", 100, |size| {
        resources(size, |index| format!("arn:aws:s3:*::bucket-{index}/*"))
    });
    one("StringEquals, n values", 100, |size| {
        Parts::condition("StringEquals", names(size, |index| format!("value-{index}")), "value-x")
    });
    one("StringLike, n values v*", 100, |size| {
        Parts::condition("StringLike", names(size, |index| format!("value-{index}*")), "value-x")
    });
    one("ForAllValues:StringEquals, n of the request in n", 100, |size| {
        let values = names(size, |index| format!("value-{index}"));
        Parts::condition("ForAllValues:StringEquals", values.clone(), ContextValue::many(values))
    });
    one("ForAnyValue:StringEqualsIgnoreCase, n not in n", 100, |size| {
        let absent = ContextValue::many(names(size, |index| format!("Absent-{index}")));
        Parts::condition(
            "ForAnyValue:StringEqualsIgnoreCase",
            names(size, |index| format!("Value-{index}")),
            absent,
        )
    });
}

fn statements() {
    let other = |index: usize| json!({"Effect": "Allow", "Action": format!("s{index}:Get*"), "Resource": "*"});
    row("n statements of other services", 16, |size| {
        let policy = identity(&(0..size).map(other).collect::<Vec<_>>());
        let user = user();
        move || decided(&user, &policy, RESOURCE, &ContextMap::new())
    });
    let near = |index: usize| json!({"Effect": "Allow", "Action": "s3:*", "Resource": format!("arn:aws:s3:::bucket-{index}/*")});
    row("n statements for other resources", 16, |size| {
        let policy = identity(&(0..size).map(near).collect::<Vec<_>>());
        let user = user();
        move || decided(&user, &policy, RESOURCE, &ContextMap::new())
    });
}

fn principals() {
    let arn = |index: usize| format!("arn:aws:iam::{ACCOUNT}:user/u-{index}");
    row("n principals in a trust policy", 100, |size| {
        let principals: Vec<_> = (0..size).map(arn).collect();
        let text = document(&[
            json!({"Effect": "Allow", "Principal": {"AWS": principals}, "Action": "sts:AssumeRole"}),
        ]);
        let policy = Policy::parse(PolicyKind::Trust, &text).expect("a trust policy");
        let user = user();
        move || {
            let context = ();
            let request = Request {
                caller: Caller::Principal(&user),
                action: "sts:AssumeRole",
                resource: "arn:aws:iam::111122223333:role/target",
                context: &context,
            };
            let resource = Some(ResourcePolicy::trust(named(&policy)));
            decide(&request, &Policies { resource, ..Policies::default() }).is_allowed()
        }
    });
    // Everybody has a policy of five statements; one of them asks.
    row("n users with a policy each", 100, |size| {
        let everybody: Vec<_> = (0..size).map(|_| Daypass::new(&Task::plain(1))).collect();
        let mut turn = 0;
        move || {
            turn = (turn + 1) % everybody.len();
            black_box(&everybody)[turn].decide()
        }
    });
    row("n users with a policy each, cedar-policy", 10, |size| {
        let mut task = Task::plain(1);
        let own = task.cedar.clone();
        for index in 1..size {
            task.cedar.push_str(&own.replace(USER, &format!("{USER}{index}")));
        }
        let cedar = Cedar::new(&task);
        move || cedar.decide()
    });
}

fn parsing() {
    let parse = |text: String| move || Policy::parse(PolicyKind::Managed, black_box(&text)).is_ok();
    row("parse: n statements", 16, |size| {
        let statement = |index: usize| {
            json!({"Sid": format!("S{index}"), "Effect": "Allow", "Action": ["s3:Get*", "s3:List*"],
                "Resource": format!("arn:aws:s3:::bucket-{index}/*")})
        };
        parse(document(&(0..size).map(statement).collect::<Vec<_>>()))
    });
    row("parse: n actions", 100, |size| {
        let actions: Vec<_> = (0..size).map(|index| format!("s3:Do{index}")).collect();
        parse(document(&[json!({"Effect": "Allow", "Action": actions, "Resource": "*"})]))
    });
    row("parse: n keys in a condition", 100, |size| {
        let keys: serde_json::Map<_, _> =
            (0..size).map(|index| (format!("aws:RequestTag/{index}"), json!("x"))).collect();
        parse(document(&[
            json!({"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"StringEquals": keys}}),
        ]))
    });
    row("parse: nested n deep, which is refused", 1000, |size| parse("[".repeat(size)));
    row("parse: a pattern of n stars", 1000, |size| {
        parse(document(&[
            json!({"Effect": "Allow", "Action": "*", "Resource": format!("arn:aws:s3:::{}", "*a".repeat(size))}),
        ]))
    });
    row("parse: n variables", 100, |size| {
        parse(document(&[
            json!({"Effect": "Allow", "Action": "*", "Resource": format!("arn:aws:s3:::{}", "${aws:username}".repeat(size))}),
        ]))
    });
}

fn identity(statements: &[Value]) -> Policy {
    Policy::parse(PolicyKind::Managed, &document(statements)).expect("a policy")
}

fn decided(user: &Principal, policy: &Policy, resource: &str, context: &ContextMap) -> bool {
    let request =
        Request { caller: Caller::Principal(user), action: "s3:GetObject", resource, context };
    decide(&request, &Policies { identity: &[named(policy)], ..Policies::default() }).is_allowed()
}

fn named(policy: &Policy) -> NamedPolicy<'_> {
    NamedPolicy { source: PolicySource::SessionInline, policy }
}

const RESOURCE: &str = "arn:aws:s3:::bucket-x/key";
