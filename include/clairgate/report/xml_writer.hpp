#pragma once

#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace clairgate::report {

/// Writes one XML 1.0 document. Any parser reads texts from outside back as `visible` shows them
/// (cut to the field's limit): no character that XML forbids is left in them, so that no text can
/// make the document malformed; "<", "&", quotes, and what a CI log would act on ("::", "##") are
/// references, also "]]>", which text may not hold.
class XmlWriter : private Sink {
  public:
    /// Writes the declaration.
    explicit XmlWriter(Out& out);

    void open(Fixed element);
    /// Of the element that was opened last, before it has any content.
    void attribute(Fixed name, Fixed value);
    void attribute(Fixed name, std::uint64_t value);
    void attribute(Fixed name, std::string_view untrusted, std::size_t bytes_max);
    /// Opens an attribute whose value is put together from pieces with `text`.
    void begin_attribute(Fixed name);
    void end_attribute();
    /// Content of the innermost element, or of the attribute that is open.
    void text(Fixed piece);
    void text(std::uint64_t number);
    void text(std::string_view untrusted, std::size_t bytes_max);
    /// Ends the innermost element.
    void close();

  private:
    struct Level {
        Fixed element;
        bool has_elements = false;
        bool has_text = false;
    };
    void begin_content();
    void indent(std::size_t depth);
    void escaped(std::string_view text);

    std::vector<Level> levels_;
    std::string scratch_;
    bool is_in_tag_ = false;
    bool is_in_attribute_ = false;
};

} // namespace clairgate::report
