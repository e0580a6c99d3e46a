#pragma once

#include <clairgate/base/result.hpp>
#include <clairgate/base/text.hpp>
#include <clairgate/base/time.hpp>
#include <clairgate/finding/severity.hpp>

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading the members of a stored report, of which there may be thousands. Every function is an
/// error (kind protocol) that names the key where the member is missing or of another type.
namespace clairgate::report::stored {

using Json = simdjson::dom::element;

Error broken(std::string message);

/// A document and the parser that owns its values.
class Document {
  public:
    /// Refuses what is not one JSON value, invalid UTF-8, a key twice in one object; kind limit
    /// beyond `limits::json_depth`.
    Result<Json> parse(std::string_view text);

  private:
    simdjson::dom::parser parser_;
};

Result<Json> member(Json object, std::string_view key);
/// Whether the object has the member, and not as null: for members that reports of earlier versions
/// do not have.
bool has(Json object, std::string_view key);
Result<simdjson::dom::object> object(Json holder, std::string_view key);
Result<simdjson::dom::array> array(Json object, std::string_view key);
Result<std::string> string(Json object, std::string_view key);
Result<std::optional<std::string>> optional_string(Json object, std::string_view key); ///< or null
Result<std::vector<std::string>> strings(Json object, std::string_view key);
/// The value of those whose `to_string` is the member's text.
template <class T, std::size_t N>
Result<T> word(Json object, std::string_view key, T const (&values)[N]);
Result<finding::Severity> severity(Json object, std::string_view key);
Result<bool> boolean(Json object, std::string_view key);
Result<std::optional<bool>> optional_boolean(Json object, std::string_view key); ///< or null
Result<std::uint64_t> unsigned_integer(Json object, std::string_view key);
/// A number from 0 to `most`.
Result<double> number(Json object, std::string_view key, unsigned most);
Result<std::optional<double>>
optional_number(Json object, std::string_view key, unsigned most);         ///< or null
Result<std::optional<SystemTime>> time(Json object, std::string_view key); ///< RFC 3339, or null

template <class T, std::size_t N>
Result<T> word(Json object, std::string_view key, T const (&values)[N]) {
    auto const text = TRY(string(object, key));
    for (auto const value : values)
        if (to_string(value) == text)
            return value;
    return broken(cat("\"", key, "\" has no such value: ", text));
}

} // namespace clairgate::report::stored
