#include "openssl.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/sign/certificate.hpp>

#include <openssl/objects.h>
#include <openssl/x509v3.h>

namespace clairgate::sign {

namespace {

using CertificatePointer = std::unique_ptr<X509, FreeWith<X509_free>>;
using ObjectPointer = std::unique_ptr<ASN1_OBJECT, FreeWith<ASN1_OBJECT_free>>;

constexpr char const* issuer_oids[] = {"1.3.6.1.4.1.57264.1.8", "1.3.6.1.4.1.57264.1.1"};

std::string value_at(X509 const* certificate, int index) {
    auto const* const value = X509_EXTENSION_get_data(X509_get_ext(certificate, index));
    return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(value)),
            static_cast<std::size_t>(ASN1_STRING_length(value))};
}

Result<std::string> only(X509 const* certificate, ASN1_OBJECT const* object) {
    int const first = X509_get_ext_by_OBJ(certificate, object, -1);
    if (first < 0)
        return std::string();
    if (X509_get_ext_by_OBJ(certificate, object, first) >= 0)
        return Error(ErrorKind::protocol, "the certificate has an extension twice");
    return value_at(certificate, first);
}

} // namespace

Result<std::string> identity_in_certificate(std::string_view der) {
    ErrorMark const mark;
    auto const* bytes = bytes_of(der);
    CertificatePointer const certificate(d2i_X509(nullptr, &bytes, static_cast<long>(der.size())));
    if (!certificate || bytes != bytes_of(der) + der.size())
        return Error(ErrorKind::protocol, "not one DER certificate");
    auto const name = TRY(only(certificate.get(), OBJ_nid2obj(NID_subject_alt_name)));
    std::string issuer;
    for (auto const* const oid : issuer_oids) {
        ObjectPointer const object(OBJ_txt2obj(oid, 1));
        if (!object)
            return Error(ErrorKind::protocol, "libcrypto does not know object identifiers");
        issuer = TRY(only(certificate.get(), object.get()));
        if (!issuer.empty())
            break;
    }
    if (name.empty() || issuer.empty())
        return Error(ErrorKind::protocol, "the certificate does not say who it was issued to");
    return cat(name.size(), ":", name, issuer);
}

} // namespace clairgate::sign
