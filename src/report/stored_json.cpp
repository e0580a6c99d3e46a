#include <clairgate/base/limits.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/report/stored_json.hpp>

#include <algorithm>

namespace clairgate::report::stored {

namespace {

Error wrong_type(std::string_view key, std::string_view wanted) {
    return broken(cat("\"", key, "\" is not ", wanted));
}

template <class T>
Result<T> as(Json value, std::string_view key, std::string_view wanted) {
    T out{};
    if (value.get<T>().get(out) != simdjson::SUCCESS)
        return wrong_type(key, wanted);
    return out;
}

// simdjson takes the first of two equal keys; another reader may take the last.
Result<void> check_keys(Json root) {
    std::vector<Json> open{root};
    std::vector<std::string_view> keys;
    while (!open.empty()) {
        auto const value = open.back();
        open.pop_back();
        if (value.is_array()) {
            for (auto const item : simdjson::dom::array(value))
                if (item.is_object() || item.is_array())
                    open.push_back(item);
            continue;
        }
        if (!value.is_object())
            continue;
        keys.clear();
        for (auto const member : simdjson::dom::object(value)) {
            keys.push_back(member.key);
            if (member.value.is_object() || member.value.is_array())
                open.push_back(member.value);
        }
        std::sort(keys.begin(), keys.end());
        auto const twice = std::adjacent_find(keys.begin(), keys.end());
        if (twice != keys.end())
            return broken(cat("JSON key twice: \"", *twice, "\""));
    }
    return ok();
}

} // namespace

Error broken(std::string message) {
    return {ErrorKind::protocol, cat("stored report: ", message)};
}

Result<Json> Document::parse(std::string_view text) {
    if (parser_.allocate(std::max<std::size_t>(text.size(), 1), limits::json_depth + 1) !=
        simdjson::SUCCESS)
        return Error(ErrorKind::limit, "stored report: out of memory");
    Json root;
    auto const failed = parser_.parse(text.data(), text.size()).get(root);
    if (failed == simdjson::DEPTH_ERROR)
        return Error(ErrorKind::limit, "stored report: JSON is nested too deeply");
    if (failed != simdjson::SUCCESS)
        return broken(cat("not valid JSON: ", simdjson::error_message(failed)));
    TRY_VOID(check_keys(root));
    return root;
}

Result<Json> member(Json object, std::string_view key) {
    Json out;
    if (object.at_key(key).get(out) != simdjson::SUCCESS)
        return broken(cat("\"", key, "\" is missing"));
    return out;
}

bool has(Json object, std::string_view key) {
    Json out;
    return object.at_key(key).get(out) == simdjson::SUCCESS && !out.is_null();
}

Result<simdjson::dom::object> object(Json holder, std::string_view key) {
    return as<simdjson::dom::object>(TRY(member(holder, key)), key, "an object");
}

Result<simdjson::dom::array> array(Json object, std::string_view key) {
    return as<simdjson::dom::array>(TRY(member(object, key)), key, "an array");
}

Result<std::string> string(Json object, std::string_view key) {
    return std::string(TRY(as<std::string_view>(TRY(member(object, key)), key, "a string")));
}

Result<std::optional<std::string>> optional_string(Json object, std::string_view key) {
    if (TRY(member(object, key)).is_null())
        return std::optional<std::string>();
    return std::optional<std::string>(TRY(string(object, key)));
}

Result<std::vector<std::string>> strings(Json object, std::string_view key) {
    std::vector<std::string> out;
    for (auto const item : TRY(array(object, key)))
        out.emplace_back(TRY(as<std::string_view>(item, key, "an array of strings")));
    return out;
}

Result<finding::Severity> severity(Json object, std::string_view key) {
    auto const word = TRY(string(object, key));
    auto const parsed = finding::parse_severity(word);
    if (!parsed)
        return broken(cat("\"", key, "\" is no severity"));
    return *parsed;
}

Result<bool> boolean(Json object, std::string_view key) {
    return as<bool>(TRY(member(object, key)), key, "true or false");
}

Result<std::optional<bool>> optional_boolean(Json object, std::string_view key) {
    if (TRY(member(object, key)).is_null())
        return std::optional<bool>();
    return std::optional<bool>(TRY(boolean(object, key)));
}

Result<std::uint64_t> unsigned_integer(Json object, std::string_view key) {
    return as<std::uint64_t>(TRY(member(object, key)), key, "a whole number");
}

Result<double> number(Json object, std::string_view key, unsigned most) {
    auto const value = TRY(as<double>(TRY(member(object, key)), key, "a number"));
    if (!(value >= 0 && value <= most))
        return broken(cat("\"", key, "\" is not between 0 and ", most));
    return value;
}

Result<std::optional<double>> optional_number(Json object, std::string_view key, unsigned most) {
    if (TRY(member(object, key)).is_null())
        return std::optional<double>();
    return std::optional<double>(TRY(number(object, key, most)));
}

Result<std::optional<SystemTime>> time(Json object, std::string_view key) {
    auto const text = TRY(optional_string(object, key));
    if (!text)
        return std::optional<SystemTime>();
    return std::optional<SystemTime>(TRY(parse_rfc3339(*text)));
}

} // namespace clairgate::report::stored
