#include "timestamp.hpp"

#include "openssl.hpp"
#include "sigstore_service.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <openssl/asn1.h>
#include <openssl/objects.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <memory>
#include <utility>

namespace clairgate::sign {

namespace {

constexpr std::size_t answer_bytes_max = 64 * limits::kib;
constexpr std::size_t nonce_bytes = 16;

using RequestPointer = std::unique_ptr<TS_REQ, FreeWith<TS_REQ_free>>;
using ResponsePointer = std::unique_ptr<TS_RESP, FreeWith<TS_RESP_free>>;
using ImprintPointer = std::unique_ptr<TS_MSG_IMPRINT, FreeWith<TS_MSG_IMPRINT_free>>;
using AlgorithmPointer = std::unique_ptr<X509_ALGOR, FreeWith<X509_ALGOR_free>>;
using IntegerPointer = std::unique_ptr<ASN1_INTEGER, FreeWith<ASN1_INTEGER_free>>;

std::string_view view_of(ASN1_STRING const* text) {
    auto const* const data = ASN1_STRING_get0_data(text);
    return {reinterpret_cast<char const*>(data),
            static_cast<std::size_t>(ASN1_STRING_length(text))};
}

IntegerPointer integer_of(std::string_view nonce) {
    NumberPointer const number(BN_bin2bn(bytes_of(nonce), static_cast<int>(nonce.size()), nullptr));
    return IntegerPointer(number ? BN_to_ASN1_INTEGER(number.get(), nullptr) : nullptr);
}

ImprintPointer imprint_of(std::string_view signature) {
    auto digest = sha256(signature);
    ImprintPointer imprint(TS_MSG_IMPRINT_new());
    AlgorithmPointer const algorithm(X509_ALGOR_new());
    bool const is_made =
        imprint && algorithm &&
        X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nullptr) == 1 &&
        TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1 &&
        TS_MSG_IMPRINT_set_msg(imprint.get(),
                               reinterpret_cast<unsigned char*>(digest.data()),
                               static_cast<int>(digest.size())) == 1;
    return is_made ? std::move(imprint) : nullptr;
}

// What the authority says beside its status, in its own words.
std::string words_of(TS_STATUS_INFO const* status) {
    auto const* const texts = TS_STATUS_INFO_get0_text(status);
    std::string words;
    for (int i = 0; texts != nullptr && i < sk_ASN1_UTF8STRING_num(texts); ++i)
        words += cat(words.empty() ? ": " : "; ", view_of(sk_ASN1_UTF8STRING_value(texts, i)));
    return words.substr(0, 300);
}

Result<void> check_status(TS_RESP* answer) {
    auto const* const status = TS_RESP_get_status_info(answer);
    auto const number = ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(status));
    if (number == TS_STATUS_GRANTED)
        return ok();
    return Error(ErrorKind::denied,
                 cat("the timestamp authority answers with status ", number, words_of(status)));
}

Result<void> check_imprint(TS_TST_INFO* info, std::string_view signature) {
    auto* const imprint = TS_TST_INFO_get_msg_imprint(info);
    ASN1_OBJECT const* algorithm = nullptr;
    X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
    if (OBJ_obj2nid(algorithm) == NID_sha256 &&
        view_of(TS_MSG_IMPRINT_get_msg(imprint)) == sha256(signature))
        return ok();
    return Error(ErrorKind::integrity, "the timestamp is of something else than our signature");
}

Result<void> check_nonce(TS_TST_INFO* info, std::string_view nonce) {
    auto const wanted = integer_of(nonce);
    auto const* const stated = TS_TST_INFO_get_nonce(info);
    if (wanted && stated != nullptr && ASN1_INTEGER_cmp(wanted.get(), stated) == 0)
        return ok();
    return Error(ErrorKind::integrity,
                 "the timestamp does not answer our request: its nonce is another");
}

} // namespace

std::string nonce_of(std::string random_bytes) {
    CLAIRGATE_ASSERT(!random_bytes.empty());
    auto const first = static_cast<unsigned char>(random_bytes.front());
    random_bytes.front() = static_cast<char>((first & 0x3FU) | 0x40U);
    return random_bytes;
}

Result<std::string> timestamp_request(std::string_view signature, std::string_view nonce) {
    ErrorMark const mark;
    RequestPointer const request(TS_REQ_new());
    auto const imprint = imprint_of(signature);
    auto const number = integer_of(nonce);
    bool const is_made = request && imprint && number &&
                         TS_REQ_set_version(request.get(), 1) == 1 &&
                         TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1 &&
                         TS_REQ_set_nonce(request.get(), number.get()) == 1 &&
                         TS_REQ_set_cert_req(request.get(), 1) == 1;
    auto der = is_made ? encoded<TS_REQ>(&i2d_TS_REQ, request.get()) : std::string();
    if (der.empty())
        return Error(ErrorKind::config, "OpenSSL cannot make a timestamp request");
    return der;
}

Result<void>
check_timestamp(std::string_view answer, std::string_view signature, std::string_view nonce) {
    ErrorMark const mark;
    auto const* position = bytes_of(answer);
    ResponsePointer const parsed(d2i_TS_RESP(nullptr, &position, static_cast<long>(answer.size())));
    if (!parsed || position != bytes_of(answer) + answer.size())
        return Error(ErrorKind::protocol, "the answer is no RFC 3161 timestamp");
    TRY_VOID(check_status(parsed.get()));
    auto* const info = TS_RESP_get_tst_info(parsed.get());
    if (info == nullptr)
        return Error(ErrorKind::protocol, "the answer holds no timestamp");
    TRY_VOID(check_imprint(info, signature));
    return check_nonce(info, nonce);
}

io::Task<Result<std::string>> fetch_timestamp(io::World& world,
                                              SigstoreService authority,
                                              std::string signature,
                                              Deadline deadline) {
    auto const where = cat("asking ", authority.url, " for a timestamp");
    auto const nonce = nonce_of(world.random_bytes(nonce_bytes));
    CO_TRY(auto url, service_url(authority.url));
    CO_TRY(auto body, timestamp_request(signature, nonce));
    auto request = io::Request::post(std::move(url), std::move(body), "application/timestamp-query")
                       .header("Accept", "application/timestamp-reply")
                       .body_bytes_max(answer_bytes_max);
    auto answer = co_await ask_service(world, "the timestamp", std::move(request), deadline);
    if (!answer.has_value())
        co_return answer.error().with_context(where);
    if (answer->status != 200 && answer->status != 201)
        co_return io::unexpected("POST", *answer, world.clock.now()).with_context(where);
    CO_TRY_VOID(check_timestamp(answer->body, signature, nonce).with_context(where));
    co_return std::move(answer->body);
}

} // namespace clairgate::sign
