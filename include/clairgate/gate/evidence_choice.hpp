#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/gate/settings.hpp>

#include <optional>
#include <string>

namespace clairgate::gate {

/// Whether evidence is put beside the image.
enum class Attach {
    automatic, ///< a credential that may not push is only a warning
    always,    ///< that is an error
    never
};

/// In which form it is kept there.
enum class Storage { both, bundle, envelope };

/// How reports are signed and where the signed ones go.
struct SigningChoice {
    std::optional<std::string> key; ///< KEYREF, or "keyless"; nothing: unsigned
    std::optional<std::string> bundle_file;
    Attach attach = Attach::automatic;
    Storage storage = Storage::both;
    bool wants_vulns = false; ///< in-toto's vulns v0.2 too
    std::optional<std::string> signing_config_file;
    std::optional<std::string> token_file;
    bool wants_old_log = false;

    bool is_keyless() const { return key == "keyless"; }
};

/// Whose evidence is believed, and how old it may be.
struct TrustChoice {
    std::optional<std::string> key;
    std::optional<std::string> identity;
    std::optional<std::string> issuer;
    std::optional<std::string> trusted_root_file;
    std::optional<std::string> bundle_file;
    std::optional<Duration> age_max;
    bool is_offline = false;
    bool may_be_unsigned = false;
};

/// Kind usage; every message names the setting.
Result<SigningChoice> signing_choice_of(Settings const& settings);
Result<TrustChoice> trust_choice_of(Settings const& settings);

} // namespace clairgate::gate
