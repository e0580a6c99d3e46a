#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/policy/fact_json.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace clairgate::policy {

namespace {

using nlohmann::json;

constexpr std::size_t quoted_bytes_max = 60;

} // namespace

Result<json> parse_fact_json(std::string_view text, std::size_t bytes_max) {
    if (text.size() > bytes_max)
        return Error(ErrorKind::policy, cat("larger than ", bytes_max / limits::mib, " MiB"));
    auto parsed = clairgate::json::parse(text);
    if (!parsed.has_value())
        return Error(ErrorKind::policy, parsed.error().message());
    return parsed;
}

std::string FactNode::path(std::string_view key) const {
    return place_.empty() || key.empty() ? cat(place_, key) : cat(place_, "/", key);
}

Error FactNode::wrong(std::string_view key, std::string_view what) const {
    auto const where = path(key);
    return {ErrorKind::policy, cat(where.empty() ? "the document" : where, " ", what)};
}

bool FactNode::is_object() const {
    return value_->is_object();
}

Result<std::string> FactNode::text() const {
    if (!value_->is_string())
        return wrong({}, "is not a string");
    return value_->get_ref<std::string const&>();
}

Result<std::string> FactNode::text(std::string_view key) const {
    auto const found = member(key);
    return found ? found->text() : Result<std::string>(std::string());
}

Result<std::string> FactNode::required_text(std::string_view key) const {
    auto out = TRY(text(key));
    if (out.empty())
        return wrong(key, "is missing");
    return out;
}

Result<std::optional<SystemTime>> FactNode::time(std::string_view key) const {
    if (!member(key))
        return std::optional<SystemTime>();
    auto const parsed = parse_rfc3339(TRY(text(key)));
    if (!parsed.has_value())
        return wrong(key, "is not a time (write 2026-11-24T09:51:39Z)");
    return std::optional<SystemTime>(*parsed);
}

Result<std::uint64_t> FactNode::number(std::string_view key) const {
    auto const found = member(key);
    if (!found)
        return wrong(key, "is missing");
    if (!found->value().is_number_unsigned())
        return wrong(key, "is not a whole number");
    return found->value().get<std::uint64_t>();
}

std::optional<FactNode> FactNode::member(std::string_view key) const {
    auto const* const found = clairgate::json::find(*value_, key);
    if (found == nullptr || found->is_null())
        return std::nullopt;
    return FactNode(*found, path(key));
}

Result<std::optional<FactNode>> FactNode::object(std::string_view key) const {
    auto found = member(key);
    if (found && !found->is_object())
        return wrong(key, "is not an object");
    return found;
}

Result<std::vector<FactNode>> FactNode::items(std::string_view key) const {
    std::vector<FactNode> out;
    auto const found = member(key);
    if (found && !found->value().is_array())
        return wrong(key, "is not an array");
    if (found)
        for (std::size_t i = 0; i < found->value().size(); ++i)
            out.emplace_back(found->value()[i], cat(found->place(), "/", i));
    return out;
}

Result<void> FactNode::only(std::span<std::string_view const> known) const {
    if (!is_object())
        return wrong({}, "is not an object");
    for (auto const& [key, value] : value_->items()) {
        bool const is_known = std::find(known.begin(), known.end(), key) != known.end();
        if (!is_known && !key.starts_with('@'))
            return wrong({},
                         cat("has an unknown member \"",
                             printable(key, quoted_bytes_max),
                             "\"",
                             did_you_mean(key, known)));
    }
    return ok();
}

} // namespace clairgate::policy
