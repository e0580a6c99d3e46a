#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <support/tls.hpp>

namespace clairgate::test {

namespace {

struct Free {
    void operator()(X509* it) const { X509_free(it); }
    void operator()(EVP_PKEY* it) const { EVP_PKEY_free(it); }
    void operator()(BIO* it) const { BIO_free(it); }
    void operator()(X509_EXTENSION* it) const { X509_EXTENSION_free(it); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

void require(bool holds) {
    if (!holds)
        throw std::runtime_error("OpenSSL refuses to make a test certificate");
}

std::string text_of(BIO* bio) {
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(bio, &bytes);
    return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
    Owned<BIO> const bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_X509(bio.get(), certificate) == 1);
    return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
    Owned<BIO> const bio(BIO_new(BIO_s_mem()));
    require(PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1);
    return text_of(bio.get());
}

void extend(X509* certificate, X509* issuer, int what, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    Owned<X509_EXTENSION> const extension(
        X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str()));
    require(extension && X509_add_ext(certificate, extension.get(), -1) == 1);
}

Owned<X509> make(std::string const& name, EVP_PKEY* key, std::chrono::hours valid_for) {
    Owned<X509> certificate(X509_new());
    require(X509_set_version(certificate.get(), 2) == 1);
    static long serial = 1;
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -48L * 3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), valid_for.count() * 3600);
    auto* const subject = X509_get_subject_name(certificate.get());
    auto const* const bytes = reinterpret_cast<unsigned char const*>(name.c_str());
    require(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, bytes, -1, -1, 0) == 1);
    require(X509_set_pubkey(certificate.get(), key) == 1);
    return certificate;
}

} // namespace

struct TestAuthority::Impl {
    Owned<EVP_PKEY> key{EVP_EC_gen("P-256")};
    Owned<X509> certificate{make("test authority", key.get(), std::chrono::hours(24))};
};

TestAuthority::TestAuthority() : impl_(std::make_unique<Impl>()) {
    auto* const own = impl_->certificate.get();
    require(X509_set_issuer_name(own, X509_get_subject_name(own)) == 1);
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(own, own, NID_subject_key_identifier, "hash");
    require(X509_sign(own, impl_->key.get(), EVP_sha256()) > 0);
}

TestAuthority::~TestAuthority() = default;

std::string TestAuthority::certificate() const {
    return pem_of(impl_->certificate.get());
}

ServerIdentity TestAuthority::issue(std::string const& names, std::chrono::hours valid_for) const {
    Owned<EVP_PKEY> const key(EVP_EC_gen("P-256"));
    auto const certificate = make("test server", key.get(), valid_for);
    auto* const issuer = impl_->certificate.get();
    require(X509_set_issuer_name(certificate.get(), X509_get_subject_name(issuer)) == 1);
    extend(certificate.get(), issuer, NID_subject_alt_name, names);
    extend(certificate.get(), issuer, NID_ext_key_usage, "serverAuth");
    extend(certificate.get(), issuer, NID_authority_key_identifier, "keyid");
    require(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) > 0);
    ServerIdentity identity;
    identity.certificate = pem_of(certificate.get());
    identity.key = pem_of(key.get());
    return identity;
}

} // namespace clairgate::test
