#pragma once

#include <clairgate/clair/client.hpp>
#include <clairgate/gate/evidence_choice.hpp>
#include <clairgate/gate/facts.hpp>
#include <clairgate/gate/outputs.hpp>
#include <clairgate/gate/policies.hpp>
#include <clairgate/gate/runtime.hpp>
#include <clairgate/gate/settings.hpp>
#include <clairgate/io/http.hpp>
#include <clairgate/local/engine.hpp>
#include <clairgate/registry/client.hpp>
#include <clairgate/wait/sighting.hpp>

#include <filesystem>
#include <optional>
#include <vector>

namespace clairgate::gate {

/// The settings as the rooms want them; validated as a whole before anything is started.
struct Config {
    Speech speech;
    io::HttpOptions http;
    registry::Options registry;
    wait::Options wait;
    bool has_clair_url = false; ///< false: the local engine; `clair` then holds only its limits
    clair::Options clair;
    std::optional<std::string> clair_psk_file; ///< read by `load_psk` when it is needed
    local::Options local;                      ///< without `self`
    PolicyChoice policy;
    FactChoice facts;
    std::optional<image::Reference> base_image;
    std::optional<SystemTime> at;           ///< `gate --at`: the moment that is previewed
    std::optional<policy::Action> on_error; ///< of the flag
    SigningChoice signing;
    TrustChoice trust;
    OutputChoice output;
    Duration timeout = std::chrono::minutes(15);
};

/// Kinds usage and config; every message names the setting.
Result<Config>
make_config(Settings const& settings, io::Environment const& environment, Streams const& streams);

/// The key of --clair-psk-file; nothing when none is named. Kind config.
Result<std::optional<Secret>> load_psk(Config const& config);

/// The key bytes of a PSK file: base64 as Clair's configuration spells it.
Result<Secret> decode_psk(Secret const& file_text);

} // namespace clairgate::gate
