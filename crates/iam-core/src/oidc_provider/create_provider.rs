use daypass_authz::{Guarded, Handle, Learned, Permitted, Scope, Targets};
use daypass_federation::oidc::Rules;
use daypass_ident::Arn;
use daypass_model::ServiceError;
use daypass_model::iam::{CreateOpenIdConnectProviderInput, CreateOpenIdConnectProviderOutput};
use daypass_state::record::{OidcProviderRecord, Tags};
use daypass_state::{Account, Tx};

use super::{thumbprints, url};
use crate::errors::{EntityAlreadyExists, InvalidInput, OpenIdIdpCommunication};
use crate::generated::CreateOpenIdConnectProvider;
use crate::tags::{self, KeyCase};
use crate::{need, quotas};

impl Guarded for CreateOpenIdConnectProvider {
    fn targets(
        input: &CreateOpenIdConnectProviderInput,
        scope: &Scope<'_>,
        targets: &mut Targets,
    ) -> Result<(), ServiceError> {
        let name = OidcProviderRecord::name_of(&input.url);
        let arn = Arn::oidc_provider(scope.account(), name);
        let actions = ["iam:CreateOpenIDConnectProvider", "iam:TagOpenIDConnectProvider"];
        need::to_create(targets, actions, arn, input.tags.as_deref());
        Ok(())
    }
}

impl Handle for CreateOpenIdConnectProvider {
    /// Where no thumbprints are given, the issuer's server shows whose it is to have.
    fn inquire(
        call: &Permitted<Self>,
    ) -> Option<impl Future<Output = Result<Learned, ServiceError>> + Send> {
        let (input, env) = (call.input(), &call.call().env);
        let is_given = input.thumbprint_list.as_ref().is_some_and(|list| !list.is_empty());
        // What cannot be asked is refused by what follows.
        if is_given
            || call.departures().unasked_issuers
            || url::check(&input.url, rules(call)).is_err()
        {
            return None;
        }
        Some(async {
            let top = env.oidc_keys.top_of_chain(&input.url).await;
            let thumbprint = top.map_err(|_| OpenIdIdpCommunication { url: &input.url })?;
            Ok(Learned { thumbprint })
        })
    }

    fn run(
        call: &Permitted<Self>,
        tx: &mut Tx,
    ) -> Result<CreateOpenIdConnectProviderOutput, ServiceError> {
        let input = call.input();
        let mut tags = Tags::default();
        KeyCase::Significant.put(&mut tags, input.tags.as_deref().unwrap_or_default())?;
        url::check(&input.url, rules(call))?;
        let mut thumbprints =
            thumbprints::accept(input.thumbprint_list.as_deref().unwrap_or_default())?;
        thumbprints.extend(call.learned().thumbprint.map(|thumbprint| thumbprint.to_string()));
        let given = input.client_id_list.as_deref().unwrap_or_default();
        quotas::CLIENT_IDS_PER_OIDC_PROVIDER.of(tx.account()).hold(given.len())?;

        let mut provider = OidcProviderRecord {
            url: input.url.clone(),
            client_ids: Vec::new(),
            thumbprints,
            create_date: call.now(),
            tags,
        };
        given.iter().for_each(|client_id| provider.add_client_id(client_id));
        if is_own_issuer(&provider, tx.account(), call) {
            return Err(InvalidInput::OwnIssuer.into());
        }
        if tx.account().oidc_provider(provider.name()).is_some() {
            return Err(EntityAlreadyExists::OidcProvider(&input.url).into());
        }
        quotas::OIDC_PROVIDERS_PER_ACCOUNT
            .of(tx.account())
            .admit_one(tx.account().oidc_provider_count())?;
        tx.put_oidc_provider(&provider);
        let arn = Arn::oidc_provider(call.account(), provider.name());
        Ok(CreateOpenIdConnectProviderOutput {
            open_id_connect_provider_arn: Some(arn.to_string()),
            tags: (!provider.tags.is_empty()).then(|| tags::sorted(&provider.tags)),
        })
    }
}

fn rules(call: &Permitted<CreateOpenIdConnectProvider>) -> Rules {
    Rules { loopback_http: call.call().env.loopback_issuers() }
}

/// Whether the provider would be the issuer of the account's own web identities, which AWS refuses.
fn is_own_issuer(
    provider: &OidcProviderRecord,
    account: &Account,
    call: &Permitted<CreateOpenIdConnectProvider>,
) -> bool {
    let issuer = &call.call().env.issuer;
    let own = account.outbound_federation().map(|own| issuer.url(&own.issuer_id));
    own.is_some_and(|own| OidcProviderRecord::name_of(&own) == provider.name())
}
