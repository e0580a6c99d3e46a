#pragma once

#include <clairgate/gate/config.hpp>
#include <clairgate/io/world.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::gate {

/// The outcome of one check of `doctor`.
struct Diagnosis {
    std::string what;           ///< "registry 127.0.0.1:5000"
    std::optional<Error> error; ///< nothing: it works
    std::string detail;         ///< what was seen, when it works
};

/// What `doctor` may touch.
struct Examination {
    io::World& world;
    Config const& config;
    std::filesystem::path self;
};

/// One line of the table of checks: several findings, or none where it does not apply.
struct Check {
    std::string_view name;
    io::Task<std::vector<Diagnosis>> (*run)(Examination& examination);
};
std::span<Check const> checks();

/// "ok      registry …: detail" or "FAIL    …: reason" with the remedy on a line of its own.
std::string diagnosis_text(Diagnosis const& diagnosis);

} // namespace clairgate::gate
