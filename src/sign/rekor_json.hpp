#pragma once

#include <clairgate/base/json.hpp>
#include <clairgate/base/text.hpp>

#include <nlohmann/json.hpp>

#include <string_view>

/// What rekor_v1.cpp and rekor_v2.cpp read alike. Nobody else includes it.
namespace clairgate::sign {

inline Result<nlohmann::json const*> required_object(nlohmann::json const& object,
                                                     std::string_view key) {
    auto const* const found = TRY(json::optional_object(object, key));
    if (found == nullptr)
        return Error(ErrorKind::protocol, cat("\"", key, "\" is missing"));
    return found;
}

inline Error is_of_another(std::string_view what) {
    return {ErrorKind::integrity, cat("the log's entry is of another ", what, " than ours")};
}

} // namespace clairgate::sign
