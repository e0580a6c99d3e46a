#include <clairgate/finding/version_order.hpp>

#include <algorithm>
#include <array>

namespace clairgate::finding {

namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The digits at the front, taken away, without leading zeros: numbers of any length compare by
// length and then by text.
std::string_view take_number(std::string_view& text) {
    auto const end = std::find_if_not(text.begin(), text.end(), is_digit);
    auto number = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(number.size());
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    return number;
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) {
    if (a.size() != b.size())
        return a.size() <=> b.size();
    return a.compare(b) <=> 0;
}

// deb-version(7): "~" before the end of a part, letters before all else.
int debian_rank(std::string_view text) {
    if (text.empty() || is_digit(text.front()))
        return 0;
    if (text.front() == '~')
        return -1;
    auto const code = static_cast<unsigned char>(text.front());
    return is_letter(text.front()) ? code : code + 256;
}

std::strong_ordering debian_part(std::string_view a, std::string_view b) {
    while (!a.empty() || !b.empty()) {
        while ((!a.empty() && !is_digit(a.front())) || (!b.empty() && !is_digit(b.front()))) {
            if (debian_rank(a) != debian_rank(b))
                return debian_rank(a) <=> debian_rank(b);
            a.remove_prefix(1);
            b.remove_prefix(1);
        }
        auto const numbers = compare_numbers(take_number(a), take_number(b));
        if (numbers != 0)
            return numbers;
    }
    return std::strong_ordering::equal;
}

// [epoch:]upstream[-revision]
struct Parts {
    std::string_view epoch, upstream, revision;
};

Parts parts_of(std::string_view version) {
    Parts parts;
    if (auto const colon = version.find(':'); colon != std::string_view::npos) {
        parts.epoch = version.substr(0, colon);
        version.remove_prefix(colon + 1);
    }
    auto const dash = version.rfind('-');
    parts.upstream = version.substr(0, dash);
    if (dash != std::string_view::npos)
        parts.revision = version.substr(dash + 1);
    return parts;
}

// rpm-version(7): runs of digits and of letters; other characters only separate; "~" sorts before
// and "^" after the end.
std::strong_ordering rpm_part(std::string_view a, std::string_view b) {
    auto const skip = [](std::string_view& text) {
        while (!text.empty() && !is_digit(text.front()) && !is_letter(text.front()) &&
               text.front() != '~' && text.front() != '^')
            text.remove_prefix(1);
    };
    auto const take_letters = [](std::string_view& text) {
        auto const end = std::find_if_not(text.begin(), text.end(), is_letter);
        auto const run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
        text.remove_prefix(run.size());
        return run;
    };
    for (;;) {
        skip(a);
        skip(b);
        bool const has_tilde = a.starts_with('~') || b.starts_with('~');
        bool const has_caret = a.starts_with('^') || b.starts_with('^');
        if (has_tilde && a.starts_with('~') != b.starts_with('~'))
            return a.starts_with('~') ? std::strong_ordering::less : std::strong_ordering::greater;
        if (!has_tilde && has_caret && a.starts_with('^') != b.starts_with('^')) {
            if (a.empty() || b.empty())
                return a.empty() ? std::strong_ordering::less : std::strong_ordering::greater;
            return a.starts_with('^') ? std::strong_ordering::less : std::strong_ordering::greater;
        }
        if (has_tilde || has_caret) {
            a.remove_prefix(1);
            b.remove_prefix(1);
            continue;
        }
        if (a.empty() || b.empty())
            return a.size() <=> b.size();
        if (is_digit(a.front()) != is_digit(b.front()))
            return is_digit(a.front()) ? std::strong_ordering::greater : std::strong_ordering::less;
        auto const order = is_digit(a.front()) ? compare_numbers(take_number(a), take_number(b))
                                               : take_letters(a).compare(take_letters(b)) <=> 0;
        if (order != 0)
            return order;
    }
}

using PartOrder = std::strong_ordering (*)(std::string_view, std::string_view);

std::strong_ordering by_parts(std::string_view a, std::string_view b, PartOrder order) {
    auto const left = parts_of(a);
    auto const right = parts_of(b);
    auto epochs = std::array{left.epoch, right.epoch};
    auto const by_epoch = compare_numbers(take_number(epochs[0]), take_number(epochs[1]));
    if (by_epoch != 0)
        return by_epoch;
    auto const by_upstream = order(left.upstream, right.upstream);
    return by_upstream != 0 ? by_upstream : order(left.revision, right.revision);
}

bool is_dotted(std::string_view version) {
    return !version.empty() && is_digit(version.front()) && is_digit(version.back()) &&
           version.find("..") == std::string_view::npos &&
           std::all_of(
               version.begin(), version.end(), [](char c) { return is_digit(c) || c == '.'; });
}

std::strong_ordering by_dots(std::string_view a, std::string_view b) {
    while (!a.empty() || !b.empty()) {
        auto const order = compare_numbers(take_number(a), take_number(b));
        if (order != 0)
            return order;
        a.remove_prefix(std::min<std::size_t>(1, a.size()));
        b.remove_prefix(std::min<std::size_t>(1, b.size()));
    }
    return std::strong_ordering::equal;
}

} // namespace

std::optional<std::strong_ordering>
compare_versions(std::string_view ecosystem, std::string_view a, std::string_view b) {
    if (ecosystem == "debian" || ecosystem == "ubuntu")
        return by_parts(a, b, debian_part);
    static constexpr std::string_view of_rpm[] = {
        "rpm", "rhel", "oracle", "amazon", "photon", "suse", "opensuse", "fedora"};
    if (std::find(std::begin(of_rpm), std::end(of_rpm), ecosystem) != std::end(of_rpm))
        return by_parts(a, b, rpm_part);
    for (auto* const version : {&a, &b})
        if (version->starts_with('v'))
            version->remove_prefix(1);
    if (is_dotted(a) && is_dotted(b))
        return by_dots(a, b);
    return std::nullopt;
}

} // namespace clairgate::finding
