#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace clairgate::json {

namespace {

using nlohmann::json;

// Watches the parser's events for what `parse` would let through silently.
class Guard {
  public:
    bool operator()(int, json::parse_event_t event, json& parsed) {
        switch (event) {
        case json::parse_event_t::object_start:
        case json::parse_event_t::array_start:
            keys_.emplace_back();
            too_deep_ = too_deep_ || keys_.size() > limits::json_depth;
            return !too_deep_;
        case json::parse_event_t::object_end:
        case json::parse_event_t::array_end:
            keys_.pop_back();
            return true;
        case json::parse_event_t::key:
            if (!keys_.back().insert(parsed.get_ref<std::string const&>()).second && !twice_)
                twice_ = parsed.get_ref<std::string const&>();
            return true;
        default:
            return true;
        }
    }
    bool too_deep() const { return too_deep_; }
    std::optional<std::string> const& twice() const { return twice_; }

  private:
    std::vector<std::set<std::string>> keys_;
    std::optional<std::string> twice_;
    bool too_deep_ = false;
};

Error wrong_type(std::string_view key, std::string_view wanted) {
    return {ErrorKind::protocol, cat("\"", key, "\" is not ", wanted)};
}

template <class Predicate>
Result<json const*>
optional_member(json const& object, std::string_view key, std::string_view wanted, Predicate is) {
    auto const* const member = find(object, key);
    if (member == nullptr || member->is_null())
        return static_cast<json const*>(nullptr);
    if (!is(*member))
        return wrong_type(key, wanted);
    return member;
}

} // namespace

Result<json> parse(std::string_view text) {
    // Depth first and without recursion: nlohmann builds nested values on the heap, but destroying
    // and dumping them recurses.
    std::size_t depth = 0;
    bool in_string = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const c = text[i];
        if (in_string) {
            i += c == '\\' ? 1 : 0;
            in_string = c != '"';
        } else if (c == '"') {
            in_string = true;
        } else if (c == '[' || c == '{') {
            if (++depth > limits::json_depth)
                return Error(ErrorKind::limit, "JSON is nested too deeply");
        } else if ((c == ']' || c == '}') && depth > 0) {
            --depth;
        }
    }
    Guard guard;
    auto value = json::parse(text, std::ref(guard), false);
    if (value.is_discarded())
        return Error(ErrorKind::protocol, "not valid JSON");
    if (auto const& twice = guard.twice())
        return Error(ErrorKind::protocol, cat("JSON key twice: \"", *twice, "\""));
    return value;
}

std::string dump(json const& value, int indent) {
    return value.dump(indent, ' ', false, json::error_handler_t::replace);
}

json const* find(json const& object, std::string_view key) {
    if (!object.is_object())
        return nullptr;
    auto const it = object.find(key);
    return it == object.end() ? nullptr : &*it;
}

Result<std::optional<std::string>> optional_string(json const& object, std::string_view key) {
    auto const* const member =
        TRY(optional_member(object, key, "a string", [](json const& m) { return m.is_string(); }));
    if (member == nullptr)
        return std::optional<std::string>();
    return std::optional<std::string>(member->get_ref<std::string const&>());
}

Result<std::string> string(json const& object, std::string_view key) {
    auto value = TRY(optional_string(object, key));
    if (!value)
        return Error(ErrorKind::protocol, cat("\"", key, "\" is missing"));
    return std::move(*value);
}

Result<std::uint64_t> unsigned_integer(json const& object, std::string_view key) {
    auto const* const member = TRY(optional_member(
        object, key, "a whole number", [](json const& m) { return m.is_number_unsigned(); }));
    if (member == nullptr)
        return Error(ErrorKind::protocol, cat("\"", key, "\" is missing"));
    return member->get<std::uint64_t>();
}

Result<json const*> optional_array(json const& object, std::string_view key) {
    return optional_member(object, key, "an array", [](json const& m) { return m.is_array(); });
}

Result<json const*> optional_object(json const& object, std::string_view key) {
    return optional_member(object, key, "an object", [](json const& m) { return m.is_object(); });
}

} // namespace clairgate::json
