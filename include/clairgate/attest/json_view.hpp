#pragma once

#include <clairgate/base/result.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clairgate::attest {

enum class JsonType { null, boolean, number, string, array, object };

/// A value of a checked document, as a view into its text: valid as long as that text is.
class JsonView {
  public:
    /// The document as a whole, after `check_json`.
    static Result<JsonView> parse(std::string_view text);

    JsonType type() const;
    /// The value's own bytes.
    std::string_view text() const { return text_; }
    /// The same with the white space around it, up to the neighbouring punctuation.
    std::string_view text_with_space() const { return text_with_space_; }
    /// What a string stands for; another type is an error of kind protocol that names `what`.
    Result<std::string> string(std::string_view what) const;

  private:
    friend class JsonWalk;
    JsonView(std::string_view text, std::string_view text_with_space)
        : text_(text), text_with_space_(text_with_space) {}
    std::string_view text_;
    std::string_view text_with_space_;
};

/// Members of one object. One that is null counts as absent, as in protobuf's JSON and in Go.
/// Errors are of kind protocol and name the object (`what`) and the member.
class JsonMembers {
  public:
    /// Null pointer when absent.
    JsonView const* find(std::string_view key) const;
    Result<JsonView> get(std::string_view key) const;
    /// A string; the other one gives "" when it is absent.
    Result<std::string> string(std::string_view key) const;
    Result<std::string> optional_string(std::string_view key) const;
    /// The bytes of a string of base64, standard or URL-safe; never empty.
    Result<std::string> base64(std::string_view key) const;
    /// The same as protobuf's JSON has it: the padding may be left out.
    Result<std::string> base64_of_protobuf(std::string_view key) const;

  private:
    friend Result<JsonMembers> read_members(JsonView const& value,
                                            std::string_view what,
                                            std::span<std::string_view const> known,
                                            bool may_have_others);
    friend Result<JsonMembers> read_message(JsonView const& value,
                                            std::string_view what,
                                            std::span<std::string_view const> known);
    Result<std::string> decoded(std::string_view key, bool may_lack_padding) const;
    Error wrong(std::string_view key, std::string_view why) const;
    std::string what_;
    std::vector<std::pair<std::string_view, JsonView>> members_;
};

/// The members of an object that are `known` (static names). Refuses another type, and others
/// unless they are allowed.
Result<JsonMembers> read_members(JsonView const& value,
                                 std::string_view what,
                                 std::span<std::string_view const> known,
                                 bool may_have_others = false);

/// The members of a message in protobuf's JSON: each of the `known` ones, which are in
/// lowerCamelCase, may be named as in the .proto file instead ("raw_bytes" for "rawBytes"), but not
/// both at once. Refuses another type and other members.
Result<JsonMembers>
read_message(JsonView const& value, std::string_view what, std::span<std::string_view const> known);

/// The values of an array, at most `most`.
Result<std::vector<JsonView>>
read_items(JsonView const& value, std::string_view what, std::size_t most);

} // namespace clairgate::attest
