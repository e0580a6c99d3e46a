#include <clairgate/io/world.hpp>

#include <utility>

namespace clairgate::io {

Environment::Environment(std::map<std::string, std::string, std::less<>> variables)
    : variables_(std::move(variables)) {}

std::optional<std::string> Environment::value(std::string_view name) const {
    auto const found = variables_.find(name);
    if (found == variables_.end() || found->second.empty())
        return std::nullopt;
    return found->second;
}

} // namespace clairgate::io
