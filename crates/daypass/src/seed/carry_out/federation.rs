//! The two sides of federation: whom an account trusts, and as whom it signs.

use daypass_ident::AccountId;
use daypass_state::Tx;
use daypass_state::record::OutboundFederationRecord;

use super::super::api_call::ApiCall;
use super::super::file::OutboundFederationSeed;
use super::super::identity_providers::SamlProviderSeed;
use super::super::place::Path;
use super::super::stand_in;
use super::Work;

impl Work<'_> {
    /// Makes a SAML provider, and then gives it its keys one by one, so that a mistake is told of the
    /// key that it is in.
    pub(super) async fn saml_provider(
        &mut self,
        account: AccountId,
        path: &Path,
        seed: &SamlProviderSeed,
    ) {
        // Without its document there is no provider to look further at.
        let Some((member, document)) = seed.document() else { return };
        let made_up = stand_in::name(self.made_up());
        let alone = ApiCall::new("CreateSAMLProvider")
            .with("Name", &made_up)
            .with("SAMLMetadataDocument", document);
        if let Err(message) = alone.rehearse(self.root(account)).await {
            self.report(&path.member(member), message);
            return;
        }
        let creation = seed.creation(document, made_up);
        let Some(name) = self.create(account, path, creation).await else { return };
        for (key_path, call) in seed.keys(account, &name, path) {
            self.call(account, &key_path, call).await;
        }
        if let Some(call) = seed.encryption(account, &name) {
            self.call(account, &path.member("assertion_encryption"), call).await;
        }
    }

    /// Lets the account give web identities. The issuer's id, if the file gives one, is what the API has
    /// no parameter for: with the same id at every start the issuer is the same.
    pub(super) async fn outbound_federation(
        &mut self,
        account: AccountId,
        path: &Path,
        seed: &OutboundFederationSeed,
    ) {
        let call = ApiCall::new("EnableOutboundWebIdentityFederation");
        if !self.call(account, path, call).await {
            return;
        }
        let Some(issuer_id) = &seed.issuer_id else { return };
        let path = path.member("issuer_id");
        if !is_issuer_id(issuer_id) {
            self.report(&path, "the id of an issuer is a UUID in lower case".to_owned());
            return;
        }
        let view = self.env.state.view();
        if view.account_of_issuer(issuer_id).is_some() {
            self.report(&path, "another account's issuer has this id".to_owned());
            return;
        }
        let mut tx = Tx::new(view, account);
        tx.put_outbound_federation(&OutboundFederationRecord {
            issuer_id: issuer_id.clone(),
            is_enabled: true,
        });
        self.commit(&path, tx).await;
    }
}

/// Whether the text has the form of AWS's.
fn is_issuer_id(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    let is_hex = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-');
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(is_hex)
}
