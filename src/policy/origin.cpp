#include <clairgate/base/text.hpp>
#include <clairgate/policy/origin.hpp>

#include <array>
#include <cstddef>

namespace clairgate::policy {

std::string_view to_string(Level level) {
    static constexpr std::array<std::string_view, 6> words{
        "built-in", "global", "cluster", "environment", "application", "application@environment"};
    return words.at(static_cast<std::size_t>(level));
}

std::optional<Level> parse_level(std::string_view word) {
    for (auto const level : {Level::global, Level::cluster, Level::environment, Level::application})
        if (to_string(level) == word)
            return level;
    return std::nullopt;
}

std::string place_of(Origin const& origin) {
    if (origin.file.empty())
        return std::string(to_string(origin.level));
    return cat(origin.file, ":", origin.line, ":", origin.column);
}

} // namespace clairgate::policy
