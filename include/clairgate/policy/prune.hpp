#pragma once

#include <clairgate/finding/scan_report.hpp>
#include <clairgate/policy/load.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace clairgate::policy {

/// An exception that can go.
struct Deletion {
    Origin origin;               ///< where its table begins
    std::uint32_t last_line = 0; ///< of the table
    bool is_inline = false;      ///< it shares its lines with others: `allow = [{…}, {…}]`
    std::string reason;          ///< "expired on 2026-01-01"
};

/// Which exceptions of policy files have ended, and which ones nothing uses that was seen.
class Pruner {
  public:
    /// Files with mistakes are passed over: `mistakes_of_tree` tells them.
    Pruner(std::vector<SourceFile> const& files, SystemTime now);
    /// A scan of an image of that repository. `contexts` are those that it was made for; one that
    /// names nobody might be anybody's, so that every exception might have been meant for it.
    void see(finding::ScanReport const& scan,
             std::string_view repository,
             std::vector<Context> const& contexts);

    /// In the order of the files and lines. An exception is unused when at least one scan was seen
    /// that it may apply to, and it speaks of no finding of any of them, in any environment.
    std::vector<Deletion> deletions() const;
    std::size_t exceptions() const { return entries_.size(); }
    /// Those in force that no scan that was seen may apply to.
    std::size_t unseen() const;

  private:
    struct Entry {
        Waiver waiver;
        FileRole role;
        std::uint32_t last_line = 0;
        bool is_inline = false;
        std::size_t scans = 0; ///< that it may apply to
        bool is_used = false;
    };
    void add(SourceFile const& file, FileRole const& role);
    void look_at(Entry& entry,
                 finding::Finding const& finding,
                 std::string_view repository,
                 Context const& context) const;

    SystemTime now_;
    std::vector<Entry> entries_;
    std::vector<std::string> environments_{""}; ///< that have a file; the first: none was named
    std::unordered_map<std::string, std::vector<std::size_t>> by_id_; ///< lower case
    std::vector<std::size_t> without_id_;
};

} // namespace clairgate::policy
