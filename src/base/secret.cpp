#include <clairgate/base/secret.hpp>

#include <openssl/crypto.h>

#include <utility>

namespace clairgate {

Secret::Secret(std::string value) : value_(value) {
    OPENSSL_cleanse(value.data(), value.size());
}

Secret::Secret(Secret const& other) = default;

Secret::Secret(Secret&& other) noexcept : value_() {
    value_.swap(other.value_);
    other.wipe(); // a moved-from short string keeps its bytes otherwise
}

Secret& Secret::operator=(Secret const& other) {
    if (this != &other) {
        wipe();
        value_ = other.value_;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
    if (this != &other) {
        wipe();
        value_.swap(other.value_);
    }
    return *this;
}

Secret::~Secret() {
    wipe();
}

void Secret::wipe() {
    OPENSSL_cleanse(value_.data(), value_.size());
    value_.clear();
}

} // namespace clairgate
