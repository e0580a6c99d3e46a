#include "openssl.hpp"
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/sign/encrypted_key.hpp>
#include <clairgate/sign/pem.hpp>

#include <nlohmann/json.hpp>

#include <sodium.h>

namespace clairgate::sign {

namespace {

constexpr std::string_view label_today = "ENCRYPTED SIGSTORE PRIVATE KEY";
constexpr std::string_view label_older = "ENCRYPTED COSIGN PRIVATE KEY";
constexpr std::string_view kdf_name = "scrypt";
constexpr std::string_view cipher_name = "nacl/secretbox";
constexpr std::size_t salt_size = 32;
constexpr std::uint64_t n_today = 65536;
constexpr std::uint64_t block_size = 8;
constexpr std::uint64_t parallelism = 1;
// scrypt takes 128 · N · r bytes (RFC 7914); OpenSSL's own bound of 32 MiB refuses all three N.
constexpr std::uint64_t scrypt_bytes_max = std::uint64_t{192} * 1024 * 1024;

struct Box {
    std::uint64_t n = 0;
    std::string salt;
    std::string nonce;
    std::string ciphertext;
};

Error unreadable(std::string_view reason) {
    return {ErrorKind::config, cat("the encrypted key cannot be read: ", reason)};
}

Result<nlohmann::json const*> object_in(nlohmann::json const& parent, std::string_view name) {
    auto const* const object = json::find(parent, name);
    if (object == nullptr || !object->is_object())
        return unreadable(cat("it has no ", name));
    return object;
}

Result<void> check_name(nlohmann::json const& object, std::string_view wanted) {
    if (TRY(json::string(object, "name")) != wanted)
        return unreadable(cat("only ", wanted, " is accepted"));
    return ok();
}

Result<std::string> bytes_in(nlohmann::json const& object, std::string_view name) {
    auto bytes = TRY(from_base64(TRY(json::string(object, name))).with_context(std::string(name)));
    return bytes;
}

Result<Box> read_box(std::string_view text) {
    auto const document = TRY(json::parse(text));
    auto const* const kdf = TRY(object_in(document, "kdf"));
    auto const* const parameters = TRY(object_in(*kdf, "params"));
    auto const* const cipher = TRY(object_in(document, "cipher"));
    TRY_VOID(check_name(*kdf, kdf_name));
    TRY_VOID(check_name(*cipher, cipher_name));
    Box box;
    box.n = TRY(json::unsigned_integer(*parameters, "N"));
    bool const is_known_cost = box.n == 32768 || box.n == n_today || box.n == 131072;
    if (!is_known_cost || TRY(json::unsigned_integer(*parameters, "r")) != block_size ||
        TRY(json::unsigned_integer(*parameters, "p")) != parallelism)
        return unreadable("scrypt with other parameters than cosign's");
    box.salt = TRY(bytes_in(*kdf, "salt"));
    box.nonce = TRY(bytes_in(*cipher, "nonce"));
    box.ciphertext = TRY(bytes_in(document, "ciphertext"));
    if (box.salt.size() != salt_size || box.nonce.size() != crypto_secretbox_NONCEBYTES)
        return unreadable("its salt or nonce has another size than cosign's");
    if (box.ciphertext.size() <= crypto_secretbox_MACBYTES)
        return unreadable("it holds no key");
    return box;
}

Result<Secret> box_key(Secret const& password, Box const& box) {
    ErrorMark const mark;
    std::string key(crypto_secretbox_KEYBYTES, '\0');
    auto const text = password.reveal();
    int const is_derived = EVP_PBE_scrypt(text.data(),
                                          text.size(),
                                          bytes_of(box.salt),
                                          box.salt.size(),
                                          box.n,
                                          block_size,
                                          parallelism,
                                          scrypt_bytes_max,
                                          reinterpret_cast<unsigned char*>(key.data()),
                                          key.size());
    if (is_derived != 1)
        return Error(
            ErrorKind::config,
            cat("scrypt failed; it takes ", 128 * box.n * block_size / 1048576, " MiB of memory"));
    if (sodium_init() < 0)
        return Error(ErrorKind::config, "libsodium cannot be used on this machine");
    return Secret(std::move(key));
}

} // namespace

bool is_encrypted_key(std::string_view pem) {
    auto const label = pem_label(pem);
    return label == label_today || label == label_older;
}

Result<PrivateKey> decrypt_key(Secret const& pem, Secret const& password) {
    auto const block = TRY(read_pem(pem.reveal()));
    if (!is_encrypted_key(pem.reveal()))
        return unreadable("it is another kind of PEM block");
    auto const box = read_box(block.bytes.reveal());
    if (!box.has_value())
        return Error(ErrorKind::config, box.error().text());
    auto const key = TRY(box_key(password, *box));
    std::string plain(box->ciphertext.size() - crypto_secretbox_MACBYTES, '\0');
    bool const is_open = crypto_secretbox_open_easy(reinterpret_cast<unsigned char*>(plain.data()),
                                                    bytes_of(box->ciphertext),
                                                    box->ciphertext.size(),
                                                    bytes_of(box->nonce),
                                                    bytes_of(key.reveal())) == 0;
    Secret const der(std::move(plain));
    if (!is_open)
        return Error(ErrorKind::config, "the password does not open the encrypted key")
            .with_remedy("COSIGN_PASSWORD has to hold the password that the key was made with");
    return PrivateKey::from_der(der);
}

Result<std::string> encrypt_key(PrivateKey const& key,
                                Secret const& password,
                                std::function<std::string(std::size_t)> const& random_bytes) {
    Box box;
    box.n = n_today;
    box.salt = random_bytes(salt_size);
    box.nonce = random_bytes(crypto_secretbox_NONCEBYTES);
    CLAIRGATE_ASSERT(box.salt.size() == salt_size &&
                     box.nonce.size() == crypto_secretbox_NONCEBYTES);
    auto const secret = TRY(box_key(password, box));
    auto const der = key.der();
    box.ciphertext.resize(der.reveal().size() + crypto_secretbox_MACBYTES);
    int const failed =
        crypto_secretbox_easy(reinterpret_cast<unsigned char*>(box.ciphertext.data()),
                              bytes_of(der.reveal()),
                              der.reveal().size(),
                              bytes_of(box.nonce),
                              bytes_of(secret.reveal()));
    CLAIRGATE_ASSERT(failed == 0); // never, says libsodium
    nlohmann::json const document{
        {"kdf",
         {{"name", kdf_name},
          {"params", {{"N", box.n}, {"r", block_size}, {"p", parallelism}}},
          {"salt", to_base64(box.salt)}}},
        {"cipher", {{"name", cipher_name}, {"nonce", to_base64(box.nonce)}}},
        {"ciphertext", to_base64(box.ciphertext)}};
    return write_pem(label_today, json::dump(document));
}

} // namespace clairgate::sign
