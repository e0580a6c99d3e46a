#pragma once

#include <clairgate/policy/verdict.hpp>

#include <set>
#include <string_view>
#include <vector>

namespace clairgate::policy {

/// How long before its end an exception is announced.
inline constexpr auto expires_soon_days = 14;
/// More packages than this, lifted by an exception that names none, are too many.
inline constexpr std::size_t packages_per_waiver_max = 10;

/// Whether an exception counts at `now`: not before it was issued, not after its end, not longer
/// than `[exceptions] max_days` of its level ahead.
WaiverUse::State waiver_state(Policy const& policy, Waiver const& waiver, SystemTime now);

/// Keeps book of what each exception of a policy did in one verdict.
class WaiverLedger {
  public:
    WaiverLedger(Policy const& policy, SystemTime now);
    /// The exception speaks of the finding, and this was decided.
    void note(OpinionRef ref, finding::Finding const& finding, Decision const& decision);
    /// One entry per exception, outermost level first, with a sentence where one is due.
    std::vector<WaiverUse> uses() &&;

  private:
    struct Entry {
        WaiverUse use;
        std::set<std::string_view> packages; ///< that it lifted without naming one
        std::optional<OpinionRef> stronger;  ///< what stood against it last
        std::size_t fixable = 0; ///< of those it speaks of: it ended when they were fixed
    };
    Entry& entry_of(OpinionRef waiver) {
        return entries_[first_of_layer_[waiver.layer] + waiver.index];
    }
    std::string sentence_of(Entry const& entry) const;

    Policy const& policy_;
    SystemTime now_;
    std::vector<std::size_t> first_of_layer_;
    std::vector<Entry> entries_;
};

} // namespace clairgate::policy
