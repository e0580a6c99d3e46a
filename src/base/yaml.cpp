#include "yaml_scalar.hpp"
#include <clairgate/base/text.hpp>
#include <clairgate/base/yaml.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <yaml.h>

namespace clairgate::yaml {

namespace {

using nlohmann::json;

constexpr std::string_view core_tag = "tag:yaml.org,2002:";
constexpr std::size_t word_bytes_max = 60; // of the document, in a message about it

SourcePosition position_of(yaml_mark_t const& mark) {
    return {
        "", static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

Error refuse(ErrorKind kind, std::string message, yaml_mark_t const& mark) {
    return Error(kind, std::move(message)).with_position(position_of(mark));
}

std::string_view view(yaml_char_t const* text) {
    return text == nullptr ? std::string_view() : reinterpret_cast<char const*>(text);
}

std::string shown(std::string_view text) {
    return printable(text, word_bytes_max);
}

// What a value takes of the bounds.
struct Cost {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
    std::size_t depth = 0;
};

// Makes a value of libyaml's events; a stack of open collections instead of recursion.
class Builder {
  public:
    Result<void> scalar(yaml_event_t const& event) {
        auto const& data = event.data.scalar;
        std::string_view const text(reinterpret_cast<char const*>(data.value), data.length);
        bool const is_plain = data.style == YAML_PLAIN_SCALAR_STYLE;
        Cost const cost{1, text.size(), 0};
        TRY_VOID(spend(cost, event.start_mark));
        auto value = TRY(tagged(view(data.tag), text, is_plain, event.start_mark));
        if (is_at_key()) {
            TRY_VOID(key(text, is_plain && data.tag == nullptr, event.start_mark));
            return remember(view(data.anchor), std::string(text), cost, event.start_mark);
        }
        TRY_VOID(remember(view(data.anchor), value, cost, event.start_mark));
        return add(std::move(value), cost, event.start_mark);
    }

    Result<void> open(yaml_event_t const& event) {
        bool const is_mapping = event.type == YAML_MAPPING_START_EVENT;
        auto const tag =
            view(is_mapping ? event.data.mapping_start.tag : event.data.sequence_start.tag);
        auto const anchor =
            view(is_mapping ? event.data.mapping_start.anchor : event.data.sequence_start.anchor);
        if (!tag.empty() && tag != "!" && tag != cat(core_tag, is_mapping ? "map" : "seq"))
            return refuse_tag(tag, event.start_mark);
        if (is_at_key())
            return refuse(ErrorKind::protocol, "a key is no scalar", event.start_mark);
        if (open_.size() == depth_max)
            return refuse_depth(event.start_mark);
        TRY_VOID(spend({1, 0, 0}, event.start_mark));
        if (!anchor.empty())
            anchors_.insert_or_assign(std::string(anchor), Anchored{});
        Collection opened;
        opened.value = is_mapping ? json::object() : json::array();
        opened.anchor = anchor;
        opened.cost = {1, 0, 1};
        open_.push_back(std::move(opened));
        return ok();
    }

    Result<void> close(yaml_event_t const& event) {
        auto closed = std::move(open_.back());
        open_.pop_back();
        // What a mapping says itself comes before what it merges; of that, the first one counts.
        for (auto& merged : closed.merged)
            for (auto& [name, value] : merged.items())
                if (!closed.value.contains(name))
                    closed.value[name] = std::move(value);
        TRY_VOID(remember(closed.anchor, closed.value, closed.cost, event.start_mark));
        return add(std::move(closed.value), closed.cost, event.start_mark);
    }

    Result<void> alias(yaml_event_t const& event) {
        auto const name = view(event.data.alias.anchor);
        auto const found = anchors_.find(name);
        if (is_at_key())
            return refuse(ErrorKind::protocol, "a key is no scalar but an alias", event.start_mark);
        if (found == anchors_.end())
            return refuse(ErrorKind::protocol,
                          cat("alias *", shown(name), " has no anchor before it"),
                          event.start_mark);
        if (!found->second.is_complete)
            return refuse(ErrorKind::protocol,
                          cat("alias *", shown(name), " is inside of its own anchor"),
                          event.start_mark);
        if (open_.size() + found->second.cost.depth > depth_max)
            return refuse_depth(event.start_mark);
        TRY_VOID(spend(found->second.cost, event.start_mark)); // before the copy is made
        return add(found->second.value, found->second.cost, event.start_mark);
    }

    json take() { return std::move(root_); }

  private:
    struct Collection {
        json value;
        std::string anchor;
        std::optional<std::string> key; ///< of the value that comes next
        std::vector<json> merged;
        bool is_merge = false;  ///< the value that comes next is merged
        bool has_merge = false; ///< "<<" was there
        Cost cost;
    };
    struct Anchored {
        json value;
        Cost cost;
        bool is_complete = false;
    };

    bool is_at_key() const {
        return !open_.empty() && open_.back().value.is_object() && !open_.back().key;
    }

    static Error refuse_tag(std::string_view tag, yaml_mark_t const& mark) {
        return refuse(ErrorKind::protocol, cat("tag ", shown(tag), " is not accepted"), mark);
    }

    static Error refuse_depth(yaml_mark_t const& mark) {
        return refuse(ErrorKind::limit, cat("nested deeper than ", depth_max), mark);
    }

    // The value of a scalar under its tag; a tag may only say what the text is anyway.
    static Result<json>
    tagged(std::string_view tag, std::string_view text, bool is_plain, yaml_mark_t const& mark) {
        if (tag.empty())
            return is_plain ? plain_value(text) : json(text);
        if (tag == "!" || tag == cat(core_tag, "str"))
            return json(text);
        auto value = plain_value(text);
        auto const is = [&](std::string_view name, bool fits) {
            return fits && tag == cat(core_tag, name);
        };
        if (is("null", value.is_null()) || is("bool", value.is_boolean()) ||
            is("int", value.is_number_integer()) || is("float", value.is_number()))
            return value;
        return refuse_tag(tag, mark);
    }

    Result<void> spend(Cost const& cost, yaml_mark_t const& mark) {
        spent_.nodes += cost.nodes;
        spent_.bytes += cost.bytes;
        if (spent_.nodes > nodes_max)
            return refuse(
                ErrorKind::limit, cat("more than ", nodes_max, " values, aliases expanded"), mark);
        if (spent_.bytes > expanded_bytes_max)
            return refuse(
                ErrorKind::limit,
                cat("more than ", expanded_bytes_max / limits::mib, " MiB, aliases expanded"),
                mark);
        return ok();
    }

    Result<void> remember(std::string_view anchor,
                          json const& value,
                          Cost const& cost,
                          yaml_mark_t const& mark) {
        if (anchor.empty())
            return ok();
        TRY_VOID(spend(cost, mark));
        anchors_.insert_or_assign(std::string(anchor), Anchored{value, cost, true});
        return ok();
    }

    Result<void> key(std::string_view text, bool is_untagged_plain, yaml_mark_t const& mark) {
        auto& mapping = open_.back();
        mapping.is_merge = is_untagged_plain && text == "<<";
        bool const is_twice = mapping.is_merge ? std::exchange(mapping.has_merge, true)
                                               : mapping.value.contains(text);
        if (is_twice)
            return refuse(ErrorKind::protocol, cat("key twice: ", shown(text)), mark);
        mapping.key = text;
        mapping.cost.nodes += 1;
        mapping.cost.bytes += text.size();
        return ok();
    }

    Result<void> add(json value, Cost const& cost, yaml_mark_t const& mark) {
        if (open_.empty()) {
            root_ = std::move(value);
            return ok();
        }
        auto& parent = open_.back();
        parent.cost.nodes += cost.nodes;
        parent.cost.bytes += cost.bytes;
        parent.cost.depth = std::max(parent.cost.depth, cost.depth + 1);
        if (parent.value.is_array())
            parent.value.push_back(std::move(value));
        else if (parent.is_merge)
            TRY_VOID(merge(parent.merged, std::move(value), mark));
        else if (parent.key)
            parent.value[*parent.key] = std::move(value);
        parent.key.reset();
        return ok();
    }

    static Result<void> merge(std::vector<json>& merged, json value, yaml_mark_t const& mark) {
        if (!value.is_array())
            value = json::array({std::move(value)});
        for (auto& one : value) {
            if (!one.is_object())
                return refuse(
                    ErrorKind::protocol, "\"<<\" merges something that is no mapping", mark);
            merged.push_back(std::move(one));
        }
        return ok();
    }

    std::vector<Collection> open_;
    std::map<std::string, Anchored, std::less<>> anchors_;
    Cost spent_;
    json root_;
};

class Parser {
  public:
    explicit Parser(std::string_view text) : text_(text) {
        is_ready_ = yaml_parser_initialize(&parser_) != 0;
        if (!is_ready_)
            return;
        // Told, since it would take a UTF-16 mark for leave to read UTF-16.
        yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
        yaml_parser_set_input_string(
            &parser_, reinterpret_cast<unsigned char const*>(text.data()), text.size());
    }
    Parser(Parser const&) = delete;
    Parser& operator=(Parser const&) = delete;
    ~Parser() {
        if (is_ready_)
            yaml_parser_delete(&parser_);
    }

    Result<json> document() {
        Builder builder;
        bool has_document = false;
        for (;;) {
            Event event;
            if (!is_ready_ || yaml_parser_parse(&parser_, &event.raw) == 0)
                return failure();
            switch (event.raw.type) {
            case YAML_STREAM_END_EVENT:
                return builder.take();
            case YAML_DOCUMENT_START_EVENT:
                if (std::exchange(has_document, true))
                    return refuse(
                        ErrorKind::protocol, "more than one document", event.raw.start_mark);
                break;
            case YAML_SCALAR_EVENT:
                TRY_VOID(builder.scalar(event.raw));
                break;
            case YAML_SEQUENCE_START_EVENT:
            case YAML_MAPPING_START_EVENT:
                TRY_VOID(builder.open(event.raw));
                break;
            case YAML_SEQUENCE_END_EVENT:
            case YAML_MAPPING_END_EVENT:
                TRY_VOID(builder.close(event.raw));
                break;
            case YAML_ALIAS_EVENT:
                TRY_VOID(builder.alias(event.raw));
                break;
            default:
                break;
            }
        }
    }

  private:
    struct Event {
        Event() = default;
        Event(Event const&) = delete;
        Event& operator=(Event const&) = delete;
        ~Event() { yaml_event_delete(&raw); }
        yaml_event_t raw{};
    };

    Error failure() const {
        if (!is_ready_ || parser_.error == YAML_MEMORY_ERROR)
            return {ErrorKind::limit, "no memory to read YAML"};
        auto const message =
            cat("not valid YAML: ", parser_.problem == nullptr ? "" : parser_.problem);
        if (parser_.error != YAML_READER_ERROR)
            return refuse(ErrorKind::protocol, message, parser_.problem_mark);
        // The reader counts bytes, not lines.
        auto const before = text_.substr(0, std::min(parser_.problem_offset, text_.size()));
        auto const lines = std::count(before.begin(), before.end(), '\n');
        auto const line = before.substr(before.rfind('\n') + 1);
        auto const columns =
            std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; });
        yaml_mark_t const mark{
            0, static_cast<std::size_t>(lines), static_cast<std::size_t>(columns)};
        return refuse(ErrorKind::protocol, message, mark);
    }

    std::string_view text_;
    yaml_parser_t parser_{};
    bool is_ready_ = false;
};

} // namespace

Result<json> parse(std::string_view text) {
    if (text.size() > bytes_max)
        return Error(ErrorKind::limit, cat("YAML larger than ", bytes_max / limits::kib, " KiB"));
    if (text.starts_with("\xEF\xBB\xBF")) // a byte order mark in front is harmless
        text.remove_prefix(3);
    return Parser(text).document();
}

} // namespace clairgate::yaml
