use std::fmt::{self, Write as _};

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{SignError, SigningKey};
use crate::saml::xml::ns;

/// A response that is still to be signed: one assertion for the bearer, as AWS wants them.
#[derive(Debug, Clone)]
pub struct NewResponse<'a> {
    /// The response's id, an XML name; no other element may have it.
    pub id: &'a str,
    /// The assertion's id, likewise.
    pub assertion_id: &'a str,
    /// Who says so: the provider's entity id.
    pub issuer: &'a str,
    /// Whom the response is for: the URL that it is posted to.
    pub recipient: &'a str,
    /// As whom the recipient is meant: `urn:amazon:webservices`.
    pub audience: &'a str,
    /// The request that is answered, if there was one.
    pub in_response_to: Option<&'a str>,
    /// Who has signed in.
    pub subject: &'a str,
    /// The format of the subject, a URI (SAML 2.0 core, section 8.3).
    pub subject_format: &'a str,
    /// Names and values.
    pub attributes: &'a [(String, Vec<String>)],
    /// Now.
    pub issued: DateTime,
    /// For how long it may be used, in seconds.
    pub lifetime: i64,
    /// When a session has to end, if it has to.
    pub session_not_on_or_after: Option<DateTime>,
}

impl NewResponse<'_> {
    /// The response, its assertion signed, in base64: the form field `SAMLResponse`.
    ///
    /// # Errors
    /// If it cannot be signed: the ids are the same or no XML names.
    pub fn sign(&self, key: &SigningKey, certificate: Option<&[u8]>) -> Result<String, SignError> {
        let signed = key.envelop(&self.to_xml(), self.assertion_id, certificate)?;
        Ok(STANDARD.encode(signed))
    }

    /// The response, without a signature.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut xml = String::new();
        // Writing into a String cannot fail.
        let _ = self.write(&mut xml);
        xml
    }

    fn write(&self, xml: &mut String) -> fmt::Result {
        let (protocol, assertion, issued) = (ns::PROTOCOL, ns::ASSERTION, Time(self.issued));
        let issuer = Escaped(self.issuer);
        let recipient = Escaped(self.recipient);
        let until = self.issued.secs().saturating_add(self.lifetime);
        let until = Time(DateTime::from_secs(until));
        write!(
            xml,
            "<samlp:Response xmlns:samlp=\"{protocol}\" ID=\"{}\" Version=\"2.0\" \
             IssueInstant=\"{issued}\" Destination=\"{recipient}\"",
            Escaped(self.id)
        )?;
        self.write_in_response_to(xml)?;
        write!(
            xml,
            "><saml:Issuer xmlns:saml=\"{assertion}\">{issuer}</saml:Issuer><samlp:Status>\
             <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>\
             <saml:Assertion xmlns:saml=\"{assertion}\" ID=\"{}\" Version=\"2.0\" \
             IssueInstant=\"{issued}\"><saml:Issuer>{issuer}</saml:Issuer>\
             <saml:Subject><saml:NameID Format=\"{}\">{}</saml:NameID>\
             <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
             <saml:SubjectConfirmationData NotOnOrAfter=\"{until}\" Recipient=\"{recipient}\"",
            Escaped(self.assertion_id),
            Escaped(self.subject_format),
            Escaped(self.subject),
        )?;
        self.write_in_response_to(xml)?;
        write!(
            xml,
            "/></saml:SubjectConfirmation></saml:Subject>\
             <saml:Conditions NotBefore=\"{issued}\" NotOnOrAfter=\"{until}\">\
             <saml:AudienceRestriction><saml:Audience>{}</saml:Audience></saml:AudienceRestriction>\
             </saml:Conditions><saml:AuthnStatement AuthnInstant=\"{issued}\"",
            Escaped(self.audience)
        )?;
        if let Some(end) = self.session_not_on_or_after {
            write!(xml, " SessionNotOnOrAfter=\"{}\"", Time(end))?;
        }
        xml.push_str(
            "><saml:AuthnContext><saml:AuthnContextClassRef>\
             urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>",
        );
        self.write_attributes(xml)?;
        xml.push_str("</saml:Assertion></samlp:Response>");
        Ok(())
    }

    fn write_in_response_to(&self, xml: &mut String) -> fmt::Result {
        match self.in_response_to {
            Some(request) => write!(xml, " InResponseTo=\"{}\"", Escaped(request)),
            None => Ok(()),
        }
    }

    fn write_attributes(&self, xml: &mut String) -> fmt::Result {
        if self.attributes.is_empty() {
            return Ok(());
        }
        xml.push_str("<saml:AttributeStatement>");
        for (name, values) in self.attributes {
            write!(xml, "<saml:Attribute Name=\"{}\">", Escaped(name))?;
            for value in values {
                write!(xml, "<saml:AttributeValue>{}</saml:AttributeValue>", Escaped(value))?;
            }
            xml.push_str("</saml:Attribute>");
        }
        xml.push_str("</saml:AttributeStatement>");
        Ok(())
    }
}

/// The metadata of a provider that signs with the key of this certificate (in DER), and whom people sign
/// in with at this URL.
#[must_use]
pub fn metadata(entity_id: &str, certificate: &[u8], sign_in_url: &str) -> String {
    let (entity_id, location) = (Escaped(entity_id), Escaped(sign_in_url));
    let binding = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-";
    [
        format!("<md:EntityDescriptor xmlns:md=\"{}\" entityID=\"{entity_id}\">", ns::METADATA),
        "<md:IDPSSODescriptor WantAuthnRequestsSigned=\"false\" ".to_owned(),
        format!("protocolSupportEnumeration=\"{}\">", ns::PROTOCOL),
        format!("<md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"{}\">", ns::SIGNATURE),
        "<ds:X509Data><ds:X509Certificate>".to_owned(),
        STANDARD.encode(certificate),
        "</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>".to_owned(),
        "<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned(),
        "</md:NameIDFormat>".to_owned(),
        format!("<md:SingleSignOnService Binding=\"{binding}Redirect\" Location=\"{location}\"/>"),
        format!("<md:SingleSignOnService Binding=\"{binding}POST\" Location=\"{location}\"/>"),
        "</md:IDPSSODescriptor></md:EntityDescriptor>".to_owned(),
    ]
    .concat()
}

/// A text as it stands in XML, in an element or in an attribute. What XML cannot say at all is left out.
struct Escaped<'a>(&'a str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                // A reader would turn these into spaces in an attribute, or into another end of line.
                '\t' | '\n' | '\r' => write!(f, "&#{};", u32::from(c))?,
                '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
                c => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

struct Time(DateTime);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.fmt(Format::DateTime).map_err(|_| fmt::Error)?)
    }
}
