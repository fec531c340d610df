/// Logs that other implementations have written, to be read by ours.
enum HistogramLogFixtures {
  /// By hdrhistogram 0.10.8 for Python. Interval i of 3 lasts 100 ms and holds k²·(i+1) ns once for each k
  /// from 1 to 1500, 3 and 40.
  static let python = """
    #[Histogram log format version 1.2]
    #made with hdrhistogram 0.10.8
    #[StartTime: 1795262400.250 (seconds since epoch), Sat Nov 21 12:00:00 2026]
    "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
    0.000100,0.100000,2.000000,HISTFAAAAbN4nK2QzytEURzF557XNE2TpmmShCRp0iQkTZImiUnSJEmSJEmSJEmSLCgLC\
    wsLCwvKYhYWtv4sf4LvXJd777s/5j7MZ84533Peq6npvr4vplK5RurrE4lkdM6NvD+nqh9iQIQMcsijiA50oRf9KKGMYYyhg\
    klUMYMaFlDHMlaxjk1sYxf7OMQxTnGOS1wx3DDcMtwx3DM8MDwyPDG8MDQYXhneGL29hg1ii9gh9ogD4og4Ic6IC0zRr1UxT\
    cwQs0SNmCcWiEWiTiwRy8QKsUrvljlDgmHBqGBMMC6oCCYEk4IpoofTyyXp45L0c0kGuCQlLskgl6RMaqd/W8qkQ5NJpyaTL\
    k0mPZq+adPIK2kqr6SdgpKmCkraKSppqqiknXbuWSLD3cwwctaU7pbuZobRZk3pbuluZpy0l4yjZbwp3dbDpHq8+1K9zJaUr\
    KNlvSnd1sOkelORgP1c9m5b/ot0yyVtvc0rLFu7u9tbcrmar7s9PO2Xftu6bfHB/kSU8Fl88/eo5e1f3UuytLWwJ3EP762vJ\
    Mv/KNkScoV1t4c++X36FtvK0PzqoV3uOd4/Ae6mX+A=
    0.100100,0.100000,0.000000,HISTFAAAACZ4nJNpmSzMwMDAxgABzFCaEch0M9ixgMH+A1SCiZNJkAkAaU8EdA==
    0.200100,0.100000,0.000000,HISTFAAAAIV4nC2MoQ5BYQBG/3NMFkS6avMAtykewAPcptwkqTZBvEFku0EQBMHdBEEQB\
    DPRA6g2D8Bv17ezfWdf+NrTvBlCGIUqtX8Ttd8tVyF5VUPdhi079kwcODQ1c+IMc1ziBvd4wis+8Ilv/OBcF1roNoIFrvnJD\
    g94xDNe8I434mPm2C/ESxwN

    """

  /// By HdrHistogram 2.1.11 for Java. Interval i of 3 lasts 100 ms and holds k²·(i+1) ns k times for each k
  /// from 1 to 200, 3 and 0, the second one to five digits.
  static let java = """
    #[Histogram log format version 1.3]
    #[made with HdrHistogram 2.1.11]
    #[StartTime: 1795262400.250 (seconds since epoch), Sat Nov 21 12:00:00 UTC 2026]
    #[BaseTime: 1795262400.250 (seconds since epoch)]
    "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
    Tag=claim,0.000,0.100,0.040,HISTFAAAAit42i3IfSyUAQDHcb/f06pVq9b1pJXr6Xp6enq6ruu6ruu6dEmSJEnSm0ql\
    UkkqlV5NN5lMhslkMplMJjMzMzMzMzMzMzMzMzMzMzMzMzOjP/j+89m+Xu4snYcHFY+lhGWxxOKia3L5UFixauXa1RvW6NZ5\
    rt++Udokb1a3GLeat1m97DucO127fHf77wncG7wvdH/4gRsHbx+6d/jhkSdHY4+9PP7mxPuTn099wemvOPMNZ7/jXBbO/8CF\
    n7j4C5d+4/IfXPmLq/9wPfbmtVsRdyLuRt6PfBD1KOpx9NPoZzHPY17EvYp7Hf82/l3Ch4RPHxPhnQSXG65k+KTAJxW+afBN\
    h18G/DLhnw3/HATkIiAPgfkILEBQIYKKEFyM4BKElCKkDKHlCK1AWCXCqhBeDZ8aGGthrIOxHqYGmBphaoKpGeYWmFthboO5\
    HZYOWDph6YKlG9YeWHth7YO1H7YB2AZhG4JtGPYR2EdhH4N9HI4JOCbhmIJjGs4ZOGfhnINzHt4L8E6kPol6N/XJlFKoT6WU\
    RimdUgalTErZlHJoyKWUR0M+DQU0FNJQREMxDSWUS2koo1xOuYJyJeUqytWUa6jUUq6jUk+lgUojlSYqzVRaqLZSaaPaTrWD\
    aifVLqrdVHuo9VLto9ZPbYDaILUhasPURmgcpTZGcZy6CYqT1E1RnKZuhuIsxTmK8xQXKCYKYpIgugUxWRBTBDFV8EwTxHTB\
    M0P4D6Q4qPs=
    Tag=enqueue,0.100,0.100,0.000,HISTFAAAACJ42pNpmSzMwMDAxgABrFCaEUoz2X+AMJiZOFkE2QBKrwKt
    0.200,0.100,0.000,HISTFAAAABx42pNpmSzMwMDAyAABzFAaxmey/wBlAQA8yQJ9

    """
}
