#include <clairgate/base/json.hpp>
#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>

#include <nlohmann/json.hpp>

#include <set>
#include <vector>

namespace clairgate::json {

namespace {

using nlohmann::json;

// Reads a document without keeping it: finds the key that comes twice. (A callback of the parser
// that builds the document would see the keys too, but makes the parser quadratic: at the end of
// each object it looks at all the siblings.)
class Guard : public nlohmann::json_sax<json> {
  public:
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, string_t const&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        keys_.emplace_back();
        return true;
    }
    bool key(string_t& name) override {
        if (keys_.back().insert(name).second)
            return true;
        twice_ = name;
        return false;
    }
    bool end_object() override {
        keys_.pop_back();
        return true;
    }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, std::string const&, json::exception const&) override {
        return false;
    }
    std::optional<std::string> const& twice() const { return twice_; }

  private:
    std::vector<std::set<std::string>> keys_; // of the objects that are open
    std::optional<std::string> twice_;
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
    bool const is_read = json::sax_parse(text, &guard);
    if (auto const& twice = guard.twice())
        return Error(ErrorKind::protocol, cat("JSON key twice: \"", *twice, "\""));
    auto value = is_read ? json::parse(text, nullptr, false) : json(json::value_t::discarded);
    if (value.is_discarded())
        return Error(ErrorKind::protocol, "not valid JSON");
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
