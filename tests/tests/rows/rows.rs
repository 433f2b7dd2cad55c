use std::sync::OnceLock;

use daypass_authz::{Call, Guarded, Handle, KeyValue, Targets, Visit, Vouch};
use daypass_tests::{Filling, Samples};
use daypass_wire::{Params, decode};

use crate::world;

/// What an operation needs for one request.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) service: &'static str,
    pub(crate) operation: &'static str,
    pub(crate) filling: Filling,
    pub(crate) needs: Vec<Need>,
}

/// An action on a resource.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) action: String,
    pub(crate) resource: String,
    /// The names of the keys that come with it, and whether they have lists of values.
    pub(crate) keys: Vec<(String, bool)>,
}

/// The rows of all operations, with all parameters and with the required ones.
pub(crate) fn rows() -> &'static [Row] {
    static ROWS: OnceLock<Vec<Row>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(collect())
    })
}

async fn collect() -> Vec<Row> {
    let call = world::call().await;
    let services = [("iam", daypass_iam_core::OPERATIONS), ("sts", daypass_sts_core::OPERATIONS)];
    let mut rows = Vec::new();
    for (service, operations) in services {
        let samples = Samples::of(service);
        for operation in operations {
            for filling in [Filling::Full, Filling::Bare] {
                let form = samples.form(operation, filling).replace(
                    "ContextAssertion=aaaa",
                    &format!("ContextAssertion={}", world::context_assertion(&call)),
                );
                let params = Params::from_form(form.as_bytes()).unwrap();
                let asked = Asked { call: &call, params };
                let needs = match service {
                    "iam" => daypass_iam_core::dispatch(operation, asked).await,
                    _ => daypass_sts_core::dispatch(operation, asked).await,
                };
                let needs = needs.ok().unwrap();
                let needs = needs.unwrap_or_else(|error| panic!("{operation}: {error}"));
                rows.push(Row { service, operation, filling, needs });
            }
        }
    }
    rows
}

struct Asked<'a> {
    call: &'a Call,
    params: Params<'a>,
}

impl Visit for Asked<'_> {
    type Out = Result<Vec<Need>, String>;

    async fn built<Op: Handle>(self) -> Self::Out {
        self.needs::<Op>()
    }

    async fn vouched<Op: Vouch>(self) -> Self::Out {
        self.needs::<Op>()
    }
}

impl Asked<'_> {
    fn needs<Op: Guarded>(&self) -> Result<Vec<Need>, String> {
        let input: Op::Input = decode(&self.params, Op::SERVICE.constraint_texts())
            .map_err(|fault| format!("{fault:?}"))?;
        let targets = Targets::of::<Op>(self.call, &input).map_err(|error| format!("{error:?}"))?;
        Ok(targets
            .iter()
            .map(|target| Need {
                action: target.action().to_owned(),
                resource: target.resource().to_owned(),
                keys: target
                    .condition_keys()
                    .map(|(name, value)| (name.to_owned(), matches!(value, KeyValue::Many(_))))
                    .collect(),
            })
            .collect())
    }
}
