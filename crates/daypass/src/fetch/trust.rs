//! Whether a server is the one whose name is called.

use std::sync::{Arc, OnceLock};

use daypass_federation::oidc::{Chain, Thumbprint};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};

/// Verifies the certificate of one connection, and remembers what it came to.
///
/// If no known authority vouches for it, whatever the reason, the last certificate that the server sent stands in for
/// one, and whether that certificate may vouch for the server is for the provider's thumbprints to say (IAM User Guide,
/// "Obtain the thumbprint for an OpenID Connect identity provider"). Only an encoding that cannot be read is refused at once.
///
/// AWS does not say what must hold beside the thumbprint. Decided here, since a top certificate is public and anybody can
/// send it along:
///
/// - The server's certificate must be signed by the top one, through certificates that are authorities' own. If a
///   certificate of a server could issue others, each server of a private authority could pass for the issuer.
/// - It must be valid now and for the name that is called, and be one for servers if it says what it is for.
/// - A server that sends nothing but its own certificate proves that it has its key. Who signed it, and whether it says
///   that it is an authority's, as most self-signed ones do, does not matter then.
/// - What the top certificate says of the names that it may vouch for does not matter: the thumbprint is registered for
///   this very name.
#[derive(Debug)]
pub(super) struct Trust {
    provider: Arc<CryptoProvider>,
    authorities: Arc<RootCertStore>,
    came_to: OnceLock<Chain>,
}

impl Trust {
    pub(super) fn new(authorities: Arc<RootCertStore>) -> Self {
        let provider = Arc::new(aws_lc_rs::default_provider());
        Self { provider, authorities, came_to: OnceLock::new() }
    }

    /// What the server's certificates came to; `None` before the handshake.
    pub(super) fn came_to(&self) -> Option<Chain> {
        self.came_to.get().copied()
    }

    fn verify(
        &self,
        authorities: Arc<RootCertStore>,
        server: &Presented<'_, '_>,
    ) -> Result<(), Error> {
        if authorities.is_empty() {
            return Err(CertificateError::UnknownIssuer.into());
        }
        let provider = Arc::clone(&self.provider);
        let verifier = WebPkiServerVerifier::builder_with_provider(authorities, provider)
            .build()
            .map_err(|error| Error::General(error.to_string()))?;
        let Presented { certificate, others, name, now } = *server;
        verifier.verify_server_cert(certificate, others, name, &[], now).map(|_| ())
    }

    /// Verifies all but whether the top certificate may vouch for the server.
    fn verify_by_top(
        &self,
        top: &CertificateDer<'_>,
        server: &Presented<'_, '_>,
    ) -> Result<(), Error> {
        use CertificateError::{BadSignature, Other, UnknownIssuer};

        let mut alone = RootCertStore::empty();
        alone.add(top.clone().into_owned())?;
        for authority in &mut alone.roots {
            authority.name_constraints = None;
        }
        match self.verify(Arc::new(alone), server) {
            // INVARIANT: a certificate that can be read and is not valid now has no such error, since webpki looks at its
            // validity before it looks at its flags and for its issuer.
            Err(Error::InvalidCertificate(UnknownIssuer | BadSignature | Other(_)))
                if top == server.certificate =>
            {
                verify_server_name(&ParsedCertificate::try_from(server.certificate)?, server.name)
            }
            outcome => outcome,
        }
    }
}

/// What a server shows of itself.
struct Presented<'a, 'c> {
    certificate: &'a CertificateDer<'c>,
    others: &'a [CertificateDer<'c>],
    name: &'a ServerName<'c>,
    now: UnixTime,
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        _ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let server = Presented { certificate, others, name, now };
        let top = others.last().unwrap_or(certificate);
        let trusted = match self.verify(Arc::clone(&self.authorities), &server) {
            Ok(()) => true,
            Err(error @ Error::InvalidCertificate(CertificateError::BadEncoding)) => {
                return Err(error);
            }
            Err(Error::InvalidCertificate(_)) => {
                self.verify_by_top(top, &server)?;
                false
            }
            Err(error) => return Err(error),
        };
        // A connection has one handshake.
        let _ = self.came_to.set(Chain { trusted, top: Thumbprint::of_certificate(top) });
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// TLS 1.2 or 1.3 with whom `trust` finds to be the one that is called. `None` is not to be expected:
/// the ciphers would have to have none for these versions.
pub(super) fn client_config(trust: Arc<Trust>) -> Option<ClientConfig> {
    let config = ClientConfig::builder_with_provider(Arc::clone(&trust.provider))
        .with_safe_default_protocol_versions()
        .ok()?;
    let verifier: Arc<dyn ServerCertVerifier> = trust;
    Some(config.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}
