#pragma once

#include <clairgate/base/text.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A small strict reader of the XML that our reports are made of: refuses what it does not know,
/// also characters and "]]>" that XML 1.0 forbids.
namespace clairgate::sample {

struct XmlElement {
    std::string name;
    std::map<std::string, std::string> attributes;
    std::string text; ///< of its own, without that of children
    std::vector<XmlElement> children;
};

class XmlReader {
  public:
    explicit XmlReader(std::string_view rest) : rest_(rest) {}

    std::optional<XmlElement> read() {
        if (!is_utf8(rest_) || !take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"))
            return std::nullopt;
        for (char const c : rest_)
            if (static_cast<unsigned char>(c) < 0x20 && c != '\n')
                return std::nullopt;
        XmlElement none;
        std::vector<XmlElement*> open{&none};
        while (!rest_.empty())
            if (!piece(open))
                return std::nullopt;
        bool const is_whole = open.size() == 1 && none.children.size() == 1 && none.text == "\n";
        return is_whole ? std::optional(none.children.front()) : std::nullopt;
    }

  private:
    bool take(std::string_view text) {
        if (!rest_.starts_with(text))
            return false;
        rest_.remove_prefix(text.size());
        return true;
    }

    bool piece(std::vector<XmlElement*>& open) {
        if (take("</")) {
            bool const is_right = open.size() > 1 && take(open.back()->name) && take(">");
            open.pop_back();
            return is_right;
        }
        if (take("<"))
            return element(open);
        if (rest_.starts_with("]]>"))
            return false;
        return character(open.back()->text);
    }

    bool element(std::vector<XmlElement*>& open) {
        auto& added = open.back()->children.emplace_back();
        if (!word(added.name))
            return false;
        while (take(" ")) {
            std::string name, value;
            if (!word(name) || !take("=\"") || added.attributes.contains(name))
                return false;
            while (!take("\""))
                if (rest_.starts_with("<") || rest_.starts_with("\n") || !character(value))
                    return false;
            added.attributes.emplace(name, value);
        }
        if (take("/>"))
            return true;
        open.push_back(&added);
        return take(">");
    }

    bool word(std::string& out) {
        constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz-";
        while (!rest_.empty() && letters.find(rest_.front()) != std::string_view::npos) {
            out += rest_.front();
            rest_.remove_prefix(1);
        }
        return !out.empty();
    }

    bool character(std::string& out) {
        if (rest_.empty())
            return false;
        if (rest_.front() != '&') {
            out += rest_.front();
            rest_.remove_prefix(1);
            return true;
        }
        static constexpr std::pair<std::string_view, char> known[] = {{"&lt;", '<'},
                                                                      {"&gt;", '>'},
                                                                      {"&amp;", '&'},
                                                                      {"&quot;", '"'},
                                                                      {"&#39;", '\''},
                                                                      {"&#58;", ':'},
                                                                      {"&#35;", '#'},
                                                                      {"&#10;", '\n'}};
        for (auto const& [reference, c] : known) {
            if (take(reference)) {
                out += c;
                return true;
            }
        }
        return false;
    }

    std::string_view rest_;
};

inline std::optional<XmlElement> parse_xml(std::string_view text) {
    return XmlReader(text).read();
}

} // namespace clairgate::sample
