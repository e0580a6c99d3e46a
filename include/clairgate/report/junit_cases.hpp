#pragma once

#include <clairgate/report/record.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace clairgate::report {

/// The findings of one id in one package of one platform: systems that read JUnit follow a test
/// from run to run by its name, so that the name must not change with the installed version.
struct TestCase {
    /// What the systems make of it, what matters most first.
    enum class Outcome : std::uint8_t { failed, passed, skipped };
    std::uint32_t platform; ///< of the scan's platforms
    std::uint32_t first;    ///< of the order
    std::uint32_t count;
    Outcome outcome;
    policy::Effect effect; ///< the strictest one
    finding::Severity severity;
};

/// The cases of a record by platform; those that fail first, then by severity and name.
class TestCases {
  public:
    explicit TestCases(Record const& record);
    std::span<TestCase const> of_platform(std::size_t platform) const;
    /// Positions of the findings of a case, the strictest decision first.
    std::span<std::uint32_t const> findings(TestCase const& test) const;

  private:
    void order_findings(Record const& record, std::vector<std::uint32_t> const& platforms);
    void fold(Record const& record, std::vector<std::uint32_t> const& platforms);
    std::vector<std::uint32_t> order_;
    std::vector<TestCase> cases_;
};

} // namespace clairgate::report
