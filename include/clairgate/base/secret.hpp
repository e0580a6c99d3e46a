#pragma once

#include <string>
#include <string_view>

namespace clairgate {

/// Bytes that must never be printed or serialised: no operator<<, no conversion, wiped when
/// destroyed. `reveal()` is the one way in, so that a search for the word finds every use.
class Secret {
  public:
    explicit Secret(std::string value);
    Secret(Secret const& other);
    Secret(Secret&& other) noexcept;
    Secret& operator=(Secret const& other);
    Secret& operator=(Secret&& other) noexcept;
    ~Secret();

    /// The bytes; the view ends with this object.
    std::string_view reveal() const { return value_; }
    bool empty() const { return value_.empty(); }

  private:
    void wipe();
    std::string value_;
};

} // namespace clairgate
