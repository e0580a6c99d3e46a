#pragma once

#include <clairgate/report/out.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace clairgate::report {

/// Writes KEY=value lines that GitLab takes as `artifacts:reports:dotenv` and that a shell may
/// source: a value has letters, digits and "._/:@+-" alone. Any other byte of a text is
/// percent-encoded (RFC 3986), so that it can be read back and nothing in it can act.
class DotenvWriter : private Sink {
  public:
    explicit DotenvWriter(Out& out) : Sink(out) {}

    void entry(Fixed key, Fixed value);
    void entry(Fixed key, std::uint64_t value);
    void entry(Fixed key, std::string_view untrusted, std::size_t bytes_max);

  private:
    void begin(Fixed key);
    void encoded(std::string_view text);
    std::string scratch_;
};

} // namespace clairgate::report
