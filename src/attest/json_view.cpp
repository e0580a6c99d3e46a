#include <clairgate/attest/json_scan.hpp>
#include <clairgate/attest/json_view.hpp>
#include <clairgate/base/bytes.hpp>
#include <clairgate/base/text.hpp>

#include <algorithm>

namespace clairgate::attest {

namespace {

constexpr std::string_view space = " \n\r\t";
constexpr std::size_t name_bytes_max = 80; // of a peer's text in a message

bool has_escapes(std::string_view content) {
    return content.find('\\') != std::string_view::npos;
}

std::string_view without_quotes(std::string_view text) {
    return text.substr(1, text.size() - 2);
}

// The name of a field in a .proto file, from that in JSON.
std::string snake_case(std::string_view name) {
    std::string out;
    for (char const c : name) {
        bool const is_capital = c >= 'A' && c <= 'Z';
        out += is_capital ? "_" : "";
        out += is_capital ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

} // namespace

// Steps through checked text without checking again: what it looks for is there.
class JsonWalk {
  public:
    explicit JsonWalk(std::string_view text) : text_(text) {}

    // Takes the opening bracket; false when the container is empty.
    bool enter(char closing) {
        ++at_;
        return text_[text_.find_first_not_of(space, at_)] != closing;
    }
    // Takes `,` or the closing bracket; whether another value follows.
    bool has_next() { return text_[at_++] == ','; }

    std::string_view key() {
        skip_space();
        auto const from = at_;
        skip_string();
        auto const key = text_.substr(from, at_ - from);
        at_ = text_.find(':', at_) + 1;
        return key;
    }

    JsonView value() {
        auto const outer = at_;
        skip_space();
        auto const from = at_;
        skip_value();
        auto const text = text_.substr(from, at_ - from);
        skip_space();
        return {text, text_.substr(outer, at_ - outer)};
    }

  private:
    void skip_space() { at_ = std::min(text_.find_first_not_of(space, at_), text_.size()); }

    // To the first quote that an even number of backslashes precedes. Payloads are megabytes long.
    void skip_string() {
        for (;;) {
            at_ = text_.find('"', at_ + 1);
            auto backslashes = at_;
            while (text_[backslashes - 1] == '\\')
                --backslashes;
            if ((at_ - backslashes) % 2 == 0)
                break;
        }
        ++at_;
    }

    void skip_value() {
        char const first = text_[at_];
        if (first == '"')
            return skip_string();
        if (first == '{' || first == '[')
            return skip_container();
        at_ = std::min(text_.find_first_of(",]} \n\r\t", at_), text_.size());
    }

    void skip_container() {
        char const* const bytes = text_.data();
        std::size_t depth = 0;
        do {
            char const c = bytes[at_];
            if (c == '"') {
                skip_string();
                continue;
            }
            if (c == '{' || c == '[')
                ++depth;
            else if (c == '}' || c == ']')
                --depth;
            ++at_;
        } while (depth > 0);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

Result<JsonView> JsonView::parse(std::string_view text) {
    TRY_VOID(check_json(text));
    auto const from = text.find_first_not_of(space);
    auto const end = text.find_last_not_of(space) + 1;
    return JsonView(text.substr(from, end - from), text);
}

JsonType JsonView::type() const {
    switch (text_.front()) {
    case '{':
        return JsonType::object;
    case '[':
        return JsonType::array;
    case '"':
        return JsonType::string;
    case 't':
    case 'f':
        return JsonType::boolean;
    case 'n':
        return JsonType::null;
    default:
        return JsonType::number;
    }
}

Result<std::string> JsonView::string(std::string_view what) const {
    if (type() != JsonType::string)
        return Error(ErrorKind::protocol, cat(what, " is not a string"));
    auto const content = without_quotes(text_);
    return has_escapes(content) ? unescape(content) : std::string(content);
}

Error JsonMembers::wrong(std::string_view key, std::string_view why) const {
    return {ErrorKind::protocol, cat(what_, ": \"", key, "\" ", why)};
}

JsonView const* JsonMembers::find(std::string_view key) const {
    auto const found = std::find_if(
        members_.begin(), members_.end(), [&](auto const& member) { return member.first == key; });
    return found == members_.end() || found->second.type() == JsonType::null ? nullptr
                                                                             : &found->second;
}

Result<JsonView> JsonMembers::get(std::string_view key) const {
    auto const* const value = find(key);
    if (value == nullptr)
        return wrong(key, "is missing");
    return *value;
}

Result<std::string> JsonMembers::string(std::string_view key) const {
    return TRY(get(key)).string(cat(what_, ": \"", key, "\""));
}

Result<std::string> JsonMembers::optional_string(std::string_view key) const {
    return find(key) == nullptr ? Result<std::string>(std::string()) : string(key);
}

Result<std::string> JsonMembers::base64(std::string_view key) const {
    return decoded(key, false);
}

Result<std::string> JsonMembers::base64_of_protobuf(std::string_view key) const {
    return decoded(key, true);
}

Result<std::string> JsonMembers::decoded(std::string_view key, bool may_lack_padding) const {
    auto const value = TRY(get(key));
    if (value.type() != JsonType::string)
        return wrong(key, "is not a string");
    auto content = without_quotes(value.text()); // megabytes: not copied without need
    std::string changed;
    if (has_escapes(content))
        content = changed = unescape(content);
    if (may_lack_padding && content.size() % 4 > 1 && !content.ends_with('='))
        content = changed = cat(content, content.size() % 4 == 2 ? "==" : "=");
    auto bytes = from_base64_any(content);
    if (!bytes.has_value())
        return wrong(key, "is not valid base64");
    if (bytes->empty())
        return wrong(key, "is empty");
    return bytes;
}

Result<JsonMembers> read_members(JsonView const& value,
                                 std::string_view what,
                                 std::span<std::string_view const> known,
                                 bool may_have_others) {
    if (value.type() != JsonType::object)
        return Error(ErrorKind::protocol, cat(what, " is not an object"));
    JsonMembers out;
    out.what_ = what;
    JsonWalk walk(value.text());
    for (bool is_next = walk.enter('}'); is_next; is_next = walk.has_next()) {
        auto const content = without_quotes(walk.key());
        auto const key = has_escapes(content) ? unescape(content) : std::string(content);
        auto const member = walk.value();
        auto const name = std::find(known.begin(), known.end(), key);
        if (name != known.end())
            out.members_.emplace_back(*name, member);
        else if (!may_have_others)
            return out.wrong(printable(key, name_bytes_max), "is unknown");
    }
    return out;
}

Result<JsonMembers> read_message(JsonView const& value,
                                 std::string_view what,
                                 std::span<std::string_view const> known) {
    std::vector<std::string> in_proto;
    std::vector<std::string_view> names(known.begin(), known.end());
    for (auto const name : known)
        in_proto.push_back(snake_case(name));
    names.insert(names.end(), in_proto.begin(), in_proto.end());
    auto members = TRY(read_members(value, what, names));
    std::vector<std::string_view> seen;
    for (auto& [key, _] : members.members_) {
        auto const spelled = std::find(in_proto.begin(), in_proto.end(), key);
        if (spelled != in_proto.end())
            key = known[static_cast<std::size_t>(spelled - in_proto.begin())];
        if (std::find(seen.begin(), seen.end(), key) != seen.end())
            return members.wrong(key, "is there twice");
        seen.push_back(key);
    }
    return members;
}

Result<std::vector<JsonView>>
read_items(JsonView const& value, std::string_view what, std::size_t most) {
    if (value.type() != JsonType::array)
        return Error(ErrorKind::protocol, cat(what, " is not an array"));
    std::vector<JsonView> out;
    JsonWalk walk(value.text());
    for (bool is_next = walk.enter(']'); is_next; is_next = walk.has_next()) {
        if (out.size() == most)
            return Error(ErrorKind::protocol, cat(what, " has more than ", most, " entries"));
        out.push_back(walk.value());
    }
    return out;
}

} // namespace clairgate::attest
