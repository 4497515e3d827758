"""What the manual's tables of objects print, an object a line: name, description, unit as it is printed."""

# Analog_Input objects.
AI = """
KWh_Net|Accumulated Real Energy: Net (Import - Export)|kWh
KWh_Import|Real Energy Import|kWh
KWh_Export|Real Energy Export|kWh
KVARh_Q1|Reactive Energy Quadrant 1|kVARh
KVARh_Q2|Reactive Energy Quadrant 2|kVARh
KVARh_Q3|Reactive Energy Quadrant 3|kVARh
KVARh_Q4|Reactive Energy Quadrant 4|kVARh
Net_KVAh|Apparent Energy: Net (Import - Export)|kVAh
KVAh_Import|Apparent Energy Import|kVAh
KVAh_Export|Apparent Energy Export|kVAh
KW_Total|Total Instantaneous Real Power|kW
KVAR_Total|Total Instantaneous Reactive Power|kVAR
KVA_Total|Total Instantaneous Apparent Power|kVA
PF_Total|Total Power Factor|
Volts_LL_Avg|Voltage, L-L, Average of Active Phases|Volts
Volts_LN_Avg|Voltage, L-N, Average of Active Phases|Volts
Current Average|Current, Average of Active Phases|Amps
Frequency|Frequency|Hz
KW_Present_Demand|Total Real Power Present Demand|kW
KVAR_Present_Demand|Total Reactive Power Present Demand|kVAR
KVA_Present_Demand|Total Apparent Power Present Demand|kVA
KW_Max_Demand_Import|Total Real Power Max Demand Import|kW
KVAR_Max_Demand_Import|Total Reactive Power Max Demand Import|kVAR
KVA_Max_Demand_Import|Total Apparent Power Max Demand Import|kVA
KW_Max_Demand_Export|Total Real Power Max Demand Export|kW
KVAR_Max_Demand_Export|Total Reactive Power Max Demand Export|kVAR
KVA_Max_Demand_Export|Total Apparent Power Max Demand Export|kVA
Reserved_AI28|(Reserved_AI28)|
Pulse Count|Pulse Count|
Reserved|Reserved|
KWh_Import_A|Real Energy Import Phase A|kWh
KWh_Import_B|Real Energy Import Phase B|kWh
KWh_Import_C|Real Energy Import Phase C|kWh
KWh_Export_A|Real Energy Export Phase A|kWh
KWh_Export_B|Real Energy Export Phase B|kWh
KWh_Export_C|Real Energy Export Phase C|kWh
KVARh_Q1_A|Reactive Energy Q1 Phase A|kVARh
KVARh_Q1_B|Reactive Energy Q1 Phase b|kVARh
KVARh_Q1_C|Reactive Energy Q1 Phase C|kVARh
KVARh_Q2_A|Reactive Energy Q2 Phase A|kVARh
KVARh_Q2_B|Reactive Energy Q2 Phase B|kVARh
KVARh_Q2_C|Reactive Energy Q2 Phase C|kVARh
KVARh_Q3_A|Reactive Energy Q3 Phase A|kVARh
KVARh_Q3_B|Reactive Energy Q3 Phase B|kVARh
KVARh_Q3_C|Reactive Energy Q3 Phase C|kVARh
KVARh_Q4_A|Reactive Energy Q4 Phase A|kVARh
KVARh_Q4_B|Reactive Energy Q4 Phase b|kVARh
KVARh_Q4_C|Reactive Energy Q4 Phase C|kVARh
KVAh_Import_A|Apparent Energy Import Phase A|kVAh
KVAh_Import_B|Apparent Energy Import Phase B|kVAh
KVAh_Import_C|Apparent Energy Import Phase C|kVAh
KVAh_Export_A|Apparent Energy Export Phase A|kVAh
KVAh_Export_B|Apparent Energy Export Phase B|kVAh
KVAh_Export_C|Apparent Energy Export Phase C|kVAh
KW_A|Real Power Phase A|kW
KW_B|Real Power Phase B|kW
KW_C|Real Power Phase C|kW
KVAR_A|Reactive Power Phase A|kVAR
KVAR_B|Reactive Power Phase B|kVAR
KVAR_C|Reactive Power Phase C|kVAR
KVA_A|Apparent Power Phase A|kVA
KVA_B|Apparent Power Phase B|kVA
KVA_C|Apparent Power Phase C|kVA
PF_A|Power Factor Phase A|
PF_B|Power Factor Phase B|
PF_C|Power Factor Phase C|
Volts_AB|Voltage Phase A-B|Volts
Volts_BC|Voltage Phase B-C|Volts
Volts_AC|Voltage Phase A-C|Volts
Volts_AN|Voltage Phase A-N|Volts
Volts_BN|Voltage Phase B-N|Volts
Volts_CN|Voltage Phase C-N|Volts
Current_A|Current Phase A|Amps
Current_B|Current Phase B|Amps
Current_C|Current Phase C|Amps
Max_Power|Max Power|kW
Reserved_AI77|(Reserved AI77)|
Energy_Resets|Count of Energy_Resets|
Reserved_AI79|(Reserved AI79)|
Reserved_AI80|(Reserved AI80)|
Power_Up_Count|Count of Power Up Cycles|
Output_Config|Output Configuration|
Alarm_Bitmap|Alarm Bitmap (all of BI1-BI15)|
"""

# Analog_Value objects.
AV = """
Config|Configuration|n/a
System_Type|System Type|n/a
CT_Ratio_Primary|CT Ratio - Primary|Amps
CT_Ratio_Secondary|CT Ratio - Secondary|1/Volts
PT_Ratio|PT Ratio|Value
System_Voltage|System Voltage|Volts
Display_Units|Display Units|n/a
Phase_Loss_Voltage_Threshold|Phase Loss Voltage Threshold|Percent
Phase_Loss_Imbalance_Threshold|Phase Loss Imbalance Threshold|Percent
Subintervals|Number of Subintervals Per Demand Interval|
Subinterval_Length|Subinterval Length|hundredths of a second
"""

# Binary_Input objects, without units.
BI = """
Volts_Error_A|Voltage Out of Range Phase A|
Volts_Error_B|Voltage Out of Range Phase B|
Volts_Error_C|Voltage Out of Range Phase C|
Current_Error_A|Current Out of Range Phase A|
Current_Error_B|Current Out of Range Phase B|
Current_Error_C|Current Out of Range Phase C|
Frequency_Error|Frequency Error|
Reserved_BI8|Reserved|
Phase_Loss_A|Phase Loss Phase A|
Phase_Loss_B|Phase Loss Phase B|
Phase_Loss_C|Phase Loss Phase C|
Power_Factor_A|Low Power Factor Phase A|
Power_Factor_B|Low Power Factor Phase B|
Power_Factor_C|Low Power Factor Phase C|
RTC_Reset|RTC Reset|
"""
